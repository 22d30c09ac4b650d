import { expect, it } from "vitest";
import { isPellucidError } from "../../src/errors.ts";
import { lookUp, parseJson } from "../../src/formats/json.ts";

it("reads Python's numbers, but not in texts", () => {
  expect(parseJson('{"a": NaN, "b": [Infinity, -Infinity, 1], "c": "NaN and \\" Infinity [[["}', "it")).toEqual({
    a: null,
    b: [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1],
    c: 'NaN and " Infinity [[[',
  });
});

it("reads up to 256 levels", () => {
  expect(parseJson(`${"[".repeat(256)}${"]".repeat(256)}`, "it")).toBeInstanceOf(Array);
  expect(() => parseJson(`${"[".repeat(257)}${"]".repeat(257)}`, "model.json")).toThrow("model.json nests deeper than 256 levels");
});

it.each(["", "{", '{"a": }', '"open', "\\"])("refuses %j", (text) => {
  expect(() => parseJson(text, "it")).toThrow(expect.toSatisfy((error: unknown) => isPellucidError(error, "BAD_MODEL")));
});

it("takes a text without end in one pass", () => {
  expect(() => parseJson(`["${'\\"'.repeat(2_000_000)}`, "it")).toThrow("not valid JSON");
});

it("finds entries of a table, but nothing that every object has", () => {
  expect(lookUp({ relu: 1 }, "relu")).toBe(1);
  expect(lookUp({ relu: 1 }, "constructor")).toBeUndefined();
  expect(lookUp({ relu: 1 }, "__proto__")).toBeUndefined();
});
