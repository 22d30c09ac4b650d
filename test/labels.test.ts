import { expect, test } from "vitest";
import { parseLabels } from "../src/index.ts";

test.each([
  ["one name a line", "cat\ndog\nSiamese cat, Siamese\n", ["cat", "dog", "Siamese cat, Siamese"]],
  ["lines of Windows, with a byte order mark", "\uFEFFcat\r\n dog \r\n", ["cat", "dog"]],
  ["a JSON list", '["cat", "dog"]', ["cat", "dog"]],
  [
    "a JSON object by index, in any order",
    '{"10": "k", "2": "c", "0": "a", "1": "b", "3": "d", "4": "e", "5": "f", "6": "g", "7": "h", "8": "i", "9": "j"}',
    [..."abcdefghijk"],
  ],
  ["Keras's class index", '{"0": ["n01440764", "tench"], "1": ["n01443537", "goldfish"]}', ["tench", "goldfish"]],
])("reads %s", (_, content, labels) => {
  expect(parseLabels(content)).toEqual(labels);
});

test.each([
  ["nothing", " \n"],
  ["a gap between the lines", "cat\n\ndog"],
  ["damaged JSON", '["cat", '],
  ["numbers", "[1, 2]"],
  ["an object of other keys", '{"cat": 0, "dog": 1}'],
  ["indices with a gap", '{"0": "cat", "2": "dog"}'],
])("refuses %s", (_, content) => {
  expect(() => parseLabels(content)).toThrow(expect.objectContaining({ code: "BAD_ARGUMENT", hint: expect.stringContaining("line") }));
});
