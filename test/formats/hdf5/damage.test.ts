// Damaged and hostile HDF5 files: an error of ours each time, never a hang, a crash or memory without bound.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPellucidError } from "../../../src/errors.ts";
import { openHdf5 } from "../../../src/formats/hdf5/open-hdf5.ts";
import { readPages } from "../../../src/formats/hdf5/pages.ts";
import type { Hdf5 } from "../../../src/formats/hdf5/types.ts";
import { bytesSource, type Source } from "../../../src/source.ts";
import { referenceBytes } from "../containers.ts";

const classic = referenceBytes("classic.h5");
const dense = referenceBytes("dense-latest.h5");

/** Where a signature occurs, in order. */
function find(bytes: Uint8Array, signature: string): number[] {
  const code = [...signature].map((c) => c.charCodeAt(0));
  return Array.from(bytes.keys()).filter((at) => code.every((byte, i) => bytes[at + i] === byte));
}

/** A copy with 64-bit values written over it. */
function patched(bytes: Uint8Array, ...patches: [offset: number, value: bigint][]): Source {
  const copy = bytes.slice();
  for (const [offset, value] of patches) new DataView(copy.buffer).setBigUint64(offset, value, true);
  return bytesSource(copy, "patched.h5");
}

async function children(source: Source, path: string): Promise<unknown> {
  return (await openHdf5(source)).children(path);
}

describe("structures that contradict themselves", () => {
  const trees = find(classic, "TREE");
  const rootTree = trees[0] as number;
  const upperTree = trees.find((at) => classic[at + 5] === 1) as number;

  test.each<[string, Source]>([
    ["a file cut in half", bytesSource(classic.slice(0, 1000))],
    ["a file of text", bytesSource(new TextEncoder().encode("version https://git-lfs.github.com/spec/v1"))],
    ["an empty file", bytesSource(new Uint8Array())],
    ["a symbol node beyond the end", patched(classic, [rootTree + 32, 1n << 40n])],
    ["a symbol node beyond 2^53", patched(classic, [rootTree + 32, 0xffff_ffff_ffff_fff0n])],
    ["a heap of 2^62 bytes", patched(classic, [(find(classic, "HEAP")[0] as number) + 8, 1n << 62n])],
    ["a name outside the heap", patched(classic, [(find(classic, "SNOD")[0] as number) + 8, 1n << 20n])],
    ["a root that is no object", patched(classic, [64, 8n])],
  ])("%s", async (_, source) => {
    await expect(children(source, "/")).rejects.toMatchObject({ code: "BAD_MODEL" });
  });

  test("a B-tree that contains itself", async () => {
    await expect(children(patched(classic, [upperTree + 32, BigInt(upperTree)]), "many")).rejects.toMatchObject({ code: "BAD_MODEL", message: /cycle/ });
  });

  test("a header that goes on in itself", async () => {
    // The root's header lies at 96; its first message becomes a continuation at its own place.
    const copy = classic.slice();
    const view = new DataView(copy.buffer);
    view.setUint16(96 + 16, 0x10, true);
    view.setBigUint64(96 + 24, BigInt(96 + 16), true);
    view.setBigUint64(96 + 32, 24n, true);
    await expect(children(bytesSource(copy), "/")).rejects.toMatchObject({ code: "BAD_MODEL", message: /does not end/ });
  });
});

describe("dense storage that contradicts itself", () => {
  const view = new DataView(dense.buffer);
  /** Of the group with 250 links: the B-tree, its root, the heap, and the table of its blocks. */
  const node = find(dense, "BTIN")[0] as number;
  const tree = find(dense, "BTHD").find((start) => view.getBigUint64(start + 16, true) === BigInt(node)) as number;
  const table = find(dense, "FHIB")[1] as number;
  const heap = Number(view.getBigUint64(table + 5, true));
  const firstChild = node + 6 + view.getUint16(tree + 24, true) * view.getUint16(tree + 10, true);
  const firstBlock = Number(view.getBigUint64(table + 17, true));

  test("these are the structures meant", async () => {
    expect(await children(patched(dense), "links 250")).toHaveLength(250);
    expect([tree, heap, firstBlock].map((at) => new TextDecoder().decode(dense.subarray(at, at + 4)))).toEqual(["BTHD", "FRHP", "FHDB"]);
  });

  test.each<[string, [offset: number, value: bigint]]>([
    ["a node that is its own child", [firstChild, BigInt(node)]],
    ["a child beyond the end", [firstChild, 1n << 40n]],
    ["a root that is elsewhere", [tree + 16, 1n << 62n]],
    ["nodes of no bytes", [tree + 6, 0n]],
    ["records of no bytes, on 65535 levels", [tree + 10, 0xffff_0000n]],
    ["65535 records in a node", [tree + 24, 0xffffn]],
    ["a table without columns", [heap + 110, 0n]],
    ["blocks of no bytes", [heap + 112, 0n]],
    ["blocks of 2^62 bytes", [heap + 112, 1n << 62n]],
    ["blocks that are all tables", [heap + 120, 0n]],
    ["offsets of 8192 bytes", [heap + 128, 0xffffn]],
    ["a table that is elsewhere", [heap + 132, 8n]],
    ["a block beyond the end", [table + 17, 1n << 40n]],
    ["a link of a version that does not exist", [firstBlock + 21, 0xffn]],
  ])("%s", async (_, patch) => {
    await expect(children(patched(dense, patch), "links 250")).rejects.toMatchObject({ code: "BAD_MODEL" });
  });

  test("a huge object of 2^40 bytes", async () => {
    // The only record of the tree of huge objects: an address and a length.
    const hugeTree = find(dense, "BTHD").find((start) => dense[start + 5] === 1) as number;
    const record = Number(view.getBigUint64(hugeTree + 16, true)) + 6;
    const file = await openHdf5(patched(dense, [record + 8, 1n << 40n]));
    await expect(file.attribute("attributes 60", "large")).rejects.toMatchObject({ code: "BAD_MODEL" });
  });

  test("a header of version 2 that goes on in itself", async () => {
    // The message of link info in the root's header becomes a continuation at the end of the file, and what is there one in its own place.
    const info = find(dense, "\x02\x12\0\0")[0] as number;
    const end = dense.byteLength;
    const copy = new Uint8Array(end + 28);
    copy.set(dense);
    copy.set(new TextEncoder().encode("OCHK\x10\x10"), end);
    copy[info] = 0x10;
    const view = new DataView(copy.buffer);
    for (const at of [info + 4, end + 8]) {
      view.setBigUint64(at, BigInt(end), true);
      view.setBigUint64(at + 8, 28n, true);
    }
    await expect(children(bytesSource(copy), "/")).rejects.toMatchObject({ code: "BAD_MODEL", message: /does not end/ });
  });

  test("a datatype that is its own", async () => {
    // A shared datatype of version 2 in a header: the address of the object that it belongs to follows.
    const shared = find(dense, "\x03\x0a\0\x03\x02\x02")[0] as number;
    const dataset = find(dense, "OHDR").findLast((start) => start < shared) as number;
    const file = await openHdf5(patched(dense, [shared + 6, BigInt(dataset)]));
    await expect(file.dataset("typed")).rejects.toMatchObject({ code: "BAD_MODEL", message: /not where it should be/ });
  });
});

test("what describes a file may be read again and again, but not for ever", async () => {
  const read = readPages(bytesSource(new Uint8Array(2 ** 20)));
  const again = async () => {
    for (let i = 0; i < 1000; i++) await read(0, 2 ** 20, "a heap");
  };
  await expect(again()).rejects.toMatchObject({ code: "BAD_MODEL", message: /does not end/ });
});

describe("random damage", () => {
  const paths = [
    "",
    "attributes",
    "weights",
    "weights/kernels",
    "weights/kernels/float32:0",
    "weights/big_float64:0",
    "weights/compact",
    "layers/conv1/conv",
    "many",
    "many/7",
    "links 8",
    "links 250",
    "attributes 9",
    "attributes 60",
    "typed",
  ];
  const names = ["config", "fixed", "variable", "empty", "sizes", "spaces", "dtype", "1", "7", "large", "text"];

  async function askEverything(file: Hdf5): Promise<void> {
    for (const path of paths) {
      await outcome(file.children(path));
      await outcome(file.dataset(path));
      for (const name of names) await outcome(file.attribute(path, name));
    }
  }

  /** Waits; anything but an answer or an error of ours fails the test. */
  async function outcome(answer: Promise<unknown>): Promise<void> {
    await answer.catch((error) => {
      if (!isPellucidError(error)) throw error;
    });
  }

  test.each([
    ["classic.h5", 400],
    ["latest.h5", 200],
    ["dense-latest.h5", 200],
    ["dense-ordered.h5", 60],
    ["chunked.h5", 60],
  ])("%s, %i times", async (name, numRuns) => {
    const bytes = referenceBytes(name);
    const change = fc.record({ at: fc.nat(bytes.byteLength - 1), byte: fc.nat(255) });
    const damage = fc.record({
      changes: fc.array(change, { minLength: 1, maxLength: 12 }),
      length: fc.option(fc.nat(bytes.byteLength), { freq: 4, nil: bytes.byteLength }),
    });
    await fc.assert(
      fc.asyncProperty(damage, async ({ changes, length }) => {
        const copy = bytes.slice(0, length);
        for (const { at, byte } of changes) copy[at] = byte;
        const file = await openHdf5(bytesSource(copy)).catch((error) => (isPellucidError(error) ? undefined : Promise.reject(error)));
        if (file) await askEverything(file);
      }),
      { numRuns, seed: 7 },
    );
  });
});
