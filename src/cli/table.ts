// Text tables for the terminal.

export interface Column {
  readonly title: string;
  readonly right?: true;
}

/** Rows in aligned columns, two spaces apart, the titles on top. */
export function formatTable(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const lines = [columns.map((column) => column.title), ...rows];
  const widths = columns.map((_, c) => Math.max(...lines.map((line) => lengthOf(line[c] ?? ""))));
  return lines
    .map((line) =>
      columns
        .map((column, c) => pad(line[c] ?? "", widths[c] as number, column.right))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** 1234567 → `1,234,567`. */
export function formatCount(n: number): string {
  return n.toLocaleString("en-US");
}

/** 553467096 → `553 MB`. */
export function formatBytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.round(bytes / 1e3)} kB` : `${bytes < 1e7 ? (bytes / 1e6).toFixed(1) : Math.round(bytes / 1e6)} MB`;
}

/** 0.0312 → `3.1%`; a share that is not quite nothing is `< 0.1%`. */
export function formatPercent(share: number): string {
  return share > 0 && share < 0.0005 ? "< 0.1%" : `${(share * 100).toFixed(1)}%`;
}

function pad(text: string, width: number, right?: true): string {
  const space = " ".repeat(width - lengthOf(text));
  return right ? space + text : text + space;
}

function lengthOf(text: string): number {
  return [...text].length;
}
