// Damaged and hostile HDF5 files: an error of ours each time, never a hang, a crash or memory without bound.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPellucidError } from "../../../src/errors.ts";
import { openHdf5 } from "../../../src/formats/hdf5/open-hdf5.ts";
import type { Hdf5 } from "../../../src/formats/hdf5/types.ts";
import { bytesSource, type Source } from "../../../src/source.ts";
import { referenceBytes } from "../containers.ts";

const classic = referenceBytes("classic.h5");

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
  ];
  const names = ["config", "fixed", "variable", "empty", "sizes", "spaces", "dtype"];

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
    ["latest.h5", 60],
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
