// HTML from template literals, with every inserted value escaped.

/** A piece of HTML that is safe to insert. */
export interface Html {
  readonly html: string;
}

type Value = Html | string | number | readonly Html[];

/** `html\`<p>${text}</p>\``: strings and numbers are escaped, pieces of HTML and lists of them go in as they are. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: parts.reduce((text, part, i) => text + insert(values[i - 1] as Value) + part) };
}

function insert(value: Value): string {
  if (Array.isArray(value)) return (value as readonly Html[]).map((piece) => piece.html).join("\n");
  if (typeof value === "object") return (value as Html).html;
  return String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
