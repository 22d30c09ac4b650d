// Option values: text to numbers, ranges and places.

import { describe, expect, it } from "vitest";
import { indexList, outputAndIndex, pictureSize, positiveNumber, share, wholeNumber } from "../../src/cli/values.ts";

describe("indexList", () => {
  it.each([
    ["0", [0]],
    ["0,3,8-11", [0, 3, 8, 9, 10, 11]],
    ["5,1,5,1-2", [5, 1, 2]],
    [" 2 , 4-4 ", [2, 4]],
  ])("%j", (text, indices) => expect(indexList(text)).toEqual(indices));
  it.each(["", "a", "1,", "-1", "3-1", "1.5", "1e3", "1-99999999"])("refuses %j", (text) => expect(() => indexList(text)).toThrow(/Give indices/));
});

describe("pictureSize", () => {
  it.each([
    ["224", [224, 224]],
    ["224x320", [224, 320]],
  ])("%j", (text, size) => expect(pictureSize(text)).toEqual(size));
  it.each(["0", "x", "224x", "224x0", "-3", "2.5"])("refuses %j", (text) => expect(() => pictureSize(text)).toThrow(/Give a size/));
});

describe("outputAndIndex", () => {
  it("splits at the last colon", () => expect(outputAndIndex("StatefulPartitionedCall:0:7")).toEqual({ output: "StatefulPartitionedCall:0", index: 7 }));
  it.each(["predictions", "predictions:", ":3", "predictions:cat", "predictions:-1"])("refuses %j", (text) => expect(() => outputAndIndex(text)).toThrow());
});

describe("numbers", () => {
  it("takes whole numbers from a least one", () => expect([wholeNumber(0)("0"), wholeNumber(1)("12")]).toEqual([0, 12]));
  it.each(["", "-1", "1.5", "0x10", "1e3", "99999999999999999999"])("wholeNumber refuses %j", (text) => expect(() => wholeNumber(0)(text)).toThrow());
  it("takes shares with both ends", () => expect([share("0"), share("0.55"), share("1")]).toEqual([0, 0.55, 1]));
  it.each(["", "-0.1", "1.1", "NaN", "x"])("share refuses %j", (text) => expect(() => share(text)).toThrow(/from 0 to 1/));
  it.each(["", "0", "-2", "Infinity", "x"])("positiveNumber refuses %j", (text) => expect(() => positiveNumber(text)).toThrow());
});
