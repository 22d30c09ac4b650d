// JSON as model files carry it: bounded in depth, and with Python's NaN and Infinity, which JSON has no words for.

import { fail } from "../errors.ts";

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Deeper than any real model nests its layers. */
const DEEPEST = 256;

/** Whether a value is an object, neither list nor null. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether a value is a list. */
export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The entry of a table for a word from a file; never what every object inherits, as `constructor`. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/** The value that a text stands for. NaN becomes null. @param what the text is, for the message @throws {BAD_MODEL} */
export function parseJson(text: string, what: string): Json {
  const plain = withoutPythonNumbers(text, what);
  try {
    return JSON.parse(plain) as Json;
  } catch (cause) {
    return fail("BAD_MODEL", `${what} is not valid JSON: ${(cause as Error).message}.`, { hint: "Get the file again, or save the model again.", cause });
  }
}

/** UTF-8 bytes as JSON. @throws {BAD_MODEL} */
export function decodeJson(bytes: Uint8Array, what: string): Json {
  return parseJson(new TextDecoder().decode(bytes), what);
}

/** Strings (the last one may lack its end, so that no text is scanned twice), brackets, Python's numbers. */
const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"?|[[\]{}]|-?Infinity|NaN/gs;

/** One pass over strings, brackets and Python's numbers: the depth is checked, the numbers are replaced. */
function withoutPythonNumbers(text: string, what: string): string {
  let depth = 0;
  return text.replace(TOKENS, (token) => {
    if (token === "[" || token === "{") depth++;
    else if (token === "]" || token === "}") depth--;
    else if (token === "NaN") return "null";
    else if (token.endsWith("Infinity")) return token.replace("Infinity", "1e999");
    if (depth > DEEPEST) fail("BAD_MODEL", `${what} nests deeper than ${DEEPEST} levels.`, { details: { deepest: DEEPEST } });
    return token;
  });
}
