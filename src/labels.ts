// Class names from what people have: a list in JSON, Keras's class index, or a text with one name a line.

import { fail } from "./errors.ts";

/**
 * Class names in the order of the model's outputs, from the content of a file. JSON may be a list of names, or an object
 * from index to a name or to `[synset, name]` (Keras's `imagenet_class_index.json`); anything else is read as one name a line.
 *
 * @throws {BAD_ARGUMENT} if it holds no names
 * @example
 * parseLabels('{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}'); // ["tench", "goldfish"]
 */
export function parseLabels(content: string): string[] {
  const text = content.replace(/^\uFEFF/, "").trim();
  const labels = /^[[{]/.test(text) ? namesIn(parse(text)) : text.split(/\r?\n/).map((line) => line.trim());
  if (labels.length > 0 && labels.every((label) => typeof label === "string" && label !== "")) return labels as string[];
  return failLabels();
}

function namesIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  const entries = Object.entries(value as object).sort(([a], [b]) => Number(a) - Number(b));
  if (entries.some(([key], i) => Number(key) !== i)) failLabels();
  return entries.map(([, name]) => (Array.isArray(name) ? name.at(-1) : name));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    return failLabels(cause);
  }
}

function failLabels(cause?: unknown): never {
  return fail("BAD_ARGUMENT", "The labels hold no list of class names.", {
    hint: 'Give one name a line, or JSON: ["cat", "dog"], {"0": "cat", "1": "dog"} or {"0": ["n02123045", "tabby"], …}.',
    cause,
  });
}
