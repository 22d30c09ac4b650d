// Protobuf messages as others than ONNX's own library write them, and as no one should.

import { expect, test } from "vitest";
import { type MessageType, many, message, one } from "../../../src/graph/proto/message.ts";
import { readMessage } from "../../../src/graph/proto/read.ts";
import { writeMessage } from "../../../src/graph/proto/write.ts";
import { bytesSource, type Source } from "../../../src/source.ts";

interface Tree {
  label?: string;
  weight?: number;
  sizes: number[];
  scales: number[];
  words: string[];
  data?: unknown;
  doubles?: unknown;
  longs?: unknown;
  left?: Tree;
  children: Tree[];
}

const Tree: MessageType<Tree> = message<Tree>("Tree", {
  label: [1, "string"],
  weight: [2, "int"],
  sizes: [3, "ints"],
  scales: [4, "floats"],
  words: [5, "strings"],
  data: [6, "data"],
  doubles: [7, "fixed"],
  longs: [8, "varints"],
  left: [9, one(() => Tree)],
  children: [10, many(() => Tree)],
});

const read = (...bytes: number[]) => readMessage(bytesSource(Uint8Array.from(bytes)), Tree);
const none = { sizes: [], scales: [], words: [], children: [] };

test("nothing is an empty message", async () => {
  expect(await read()).toEqual(none);
});

test("lists are packed or not, or both", async () => {
  expect((await read(0x18, 1, 0x1a, 3, 2, 0xac, 0x02, 0x18, 4)).sizes).toEqual([1, 2, 300, 4]);
  expect((await read(0x22, 8, 0, 0, 128, 63, 0, 0, 0, 192, 0x25, 0, 0, 0, 63)).scales).toEqual([1, -2, 0.5]);
});

test("the last of several values counts, and parts of a message are put together", async () => {
  expect(await read(0x10, 1, 0x10, 2)).toEqual({ ...none, weight: 2 });
  expect((await read(0x4a, 2, 0x10, 5, 0x4a, 3, 0x0a, 1, 0x61)).left).toEqual({ ...none, weight: 5, label: "a" });
});

test("fields that are not known are passed over, whatever their kind", async () => {
  const bytes = await read(0xf8, 1, 7, 0xfa, 1, 2, 9, 9, 0xf9, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0xfd, 1, 0, 0, 0, 0, 0x10, 3);
  expect(bytes).toEqual({ ...none, weight: 3 });
});

test("negative numbers", async () => {
  expect((await read(0x10, ...Array(9).fill(255), 1)).weight).toBe(-1);
});

test("what is written is read again", async () => {
  const tree = {
    ...none,
    label: "wörter",
    weight: -7,
    sizes: [2 ** 40, 0],
    scales: [0.5],
    words: ["", "b"],
    children: [{ ...none, label: "x" }, none],
    data: Uint8Array.of(1, 2),
  };
  expect(await readMessage(bytesSource(writeMessage(Tree, tree)), Tree)).toEqual(tree);
});

test("large arrays stay where they are, also deep inside", async () => {
  const inner = writeMessage(Tree, { data: new Uint8Array(5000), label: "inner", children: [{ ...none, data: new Uint8Array(100_000) }] });
  const source = bytesSource(writeMessage(Tree, { label: "outer", left: undefined, children: [] }));
  const bytes = Uint8Array.from([...(await source.slice(0, 100)), 0x4a, ...varint(inner.length), ...inner]);
  const file: Source = bytesSource(bytes);
  const tree = await readMessage(file, Tree);
  const [first, second] = [tree.left?.data, tree.left?.children[0]?.data] as { source: Source; offset: number; length: number }[];
  expect([first?.length, second?.length]).toEqual([5000, 100_000]);
  expect(first?.source).toBe(file);
  expect(tree.left?.label).toBe("inner");
  // The array's own length stands right before it.
  expect([...bytes.subarray((second?.offset ?? 0) - 3, second?.offset)]).toEqual(varint(100_000));
});

test.each<[string, number[]]>([
  ["a value of the wrong kind", [0x11, 0, 0, 0, 0, 0, 0, 0, 0]],
  ["a number where a message should be", [0x48, 1]],
  ["a text where a number should be", [0x12, 1, 0x61]],
  ["a list of floats that breaks off", [0x22, 3, 0, 0, 0]],
  ["a group", [0x0b, 0x0c]],
  ["an array that is there twice", [0x32, 1, 1, 0x32, 1, 1]],
  ["field number zero", [0x02, 1, 1]],
  ["a tag that breaks off", [0x80]],
  ["a length beyond the end", [0x0a, 5, 1]],
])("%s is refused", async (_, bytes) => {
  await expect(read(...bytes)).rejects.toMatchObject({ name: "PellucidError", code: "BAD_MODEL" });
});

test("messages nested without end are refused", async () => {
  let bytes: number[] = [];
  for (let depth = 0; depth < 150; depth++) bytes = [0x4a, ...varint(bytes.length), ...bytes];
  await expect(read(...bytes)).rejects.toMatchObject({ code: "BAD_MODEL", message: expect.stringContaining("100 deep") });
});

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];
}
