// Class names that a file carries in its metadata.

const keys = ["names", "labels", "classes", "class_names", "id2label", "categories", "class_labels"];

/** Class names in order, from `metadata_props`: a JSON or Python list or map by index, or lines. */
export function labelsOf(metadata: ReadonlyMap<string, string>): string[] | undefined {
  for (const [key, text] of metadata) {
    const labels = keys.includes(key.toLowerCase()) ? parseLabels(text.trim()) : undefined;
    if (labels && labels.length > 1) return labels;
  }
  return undefined;
}

function parseLabels(text: string): string[] | undefined {
  if (text.startsWith("{")) return fromMap(text);
  if (text.startsWith("[")) return quoted(text);
  const parts = text.split(text.includes("\n") ? /\r?\n/ : ",").map((part) => part.trim());
  return parts.filter((part) => part !== "");
}

/** `{0: 'tench', 1: 'goldfish'}` and `{"0": "tench"}`. */
function fromMap(text: string): string[] | undefined {
  const entries = [...text.matchAll(/["']?(\d+)["']?\s*:\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')/g)];
  const labels = new Map(entries.map((entry) => [Number(entry[1]), unescaped(entry[2] ?? entry[3] ?? "")]));
  const ordered = Array.from({ length: labels.size }, (_, i) => labels.get(i));
  return ordered.every((label) => label !== undefined) ? (ordered as string[]) : undefined;
}

function quoted(text: string): string[] {
  return [...text.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'/g)].map((match) => unescaped(match[1] ?? match[2] ?? ""));
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}
