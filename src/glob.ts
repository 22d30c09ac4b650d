// Layer addresses: exact names, globs (`block1_*`, `*conv?`) and regular expressions (`/conv\d/`).

/** Whether an address is a pattern rather than a plain name. */
export function isPattern(address: string): boolean {
  return /[*?]/.test(address) || /^\/.*\/[iu]*$/.test(address);
}

/** The regular expression that an address stands for; in globs, `*` is any run of characters and `?` any one. */
export function addressPattern(address: string | RegExp): RegExp {
  if (address instanceof RegExp) return address;
  const literal = address.match(/^\/(.*)\/([iu]*)$/);
  if (literal) return new RegExp(literal[1] as string, literal[2]);
  const escaped = address
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${escaped}$`);
}

/** The names most like `wanted`, for an error's hint. */
export function nearest(wanted: string, names: readonly string[], count = 5): string[] {
  const lower = wanted.toLowerCase();
  const scored = names.map((name) => ({ name, distance: distance(lower, name.toLowerCase()) }));
  return scored
    .sort((a, b) => a.distance - b.distance)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
