// Archives that Python's zipfile writes, against the members that went in; and what is refused.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPellucidError } from "../../../src/errors.ts";
import { openZip } from "../../../src/formats/zip/open-zip.ts";
import { regionOf } from "../../../src/graph/types.ts";
import { bytesSource, subSource } from "../../../src/source.ts";
import { hashOf, referenceBytes, referenceJson, referenceSource, sha256 } from "../containers.ts";

const members = referenceJson<Record<string, string>>("zip.json");

describe.each(["stored.zip", "deflated.zip", "zip64.zip", "descriptors.zip"])("%s", (name) => {
  test("gives its members, in order", async () => {
    const zip = await openZip(await referenceSource(name));
    expect(zip.names).toEqual(Object.keys(members));
    for (const [member, hash] of Object.entries(members)) {
      const source = await zip.open(member);
      expect(source?.name).toBe(member);
      expect(source && (await hashOf(source))).toBe(hash);
    }
    expect(await zip.open("missing.json")).toBeUndefined();
  });
});

test("a stored member is a part of the file on disk, so that its weights can be mapped", async () => {
  const disk = await referenceSource("stored.zip");
  const member = await (await openZip(disk)).open("model.weights.h5");
  if (!member) throw new Error("no member");
  const { source, offset, length } = regionOf(member, 0, member.byteLength);
  expect(source).toBe(disk);
  expect(sha256(await disk.slice(offset, offset + length))).toBe(members["model.weights.h5"]);
});

test("an archive within an archive still resolves to the outer file", async () => {
  const inner = referenceBytes("stored.zip");
  const outer = bytesSource(Uint8Array.from([...new Uint8Array(7), ...inner]));
  const member = await (await openZip(subSource(outer, 7, inner.byteLength, "inner.zip"))).open("metadata.json");
  if (!member) throw new Error("no member");
  const { source, offset, length } = regionOf(member, 0, member.byteLength);
  expect(source).toBe(outer);
  expect(sha256(await outer.slice(offset, offset + length))).toBe(members["metadata.json"]);
});

/** Bytes of a file with some written over; `at` counts from the last or first occurrence of a signature. */
function patched(name: string, signature: "local" | "entry" | "end", at: number, ...bytes: number[]): Uint8Array {
  const copy = referenceBytes(name);
  const code = { local: [0x50, 0x4b, 3, 4], entry: [0x50, 0x4b, 1, 2], end: [0x50, 0x4b, 5, 6] }[signature];
  const starts = Array.from(copy.keys()).filter((i) => code.every((byte, j) => copy[i + j] === byte));
  // The archives' first entry is a folder.
  const start = (signature === "end" ? starts.at(-1) : starts[1]) as number;
  copy.set(bytes, start + at);
  return copy;
}

describe("what is refused", () => {
  test.each<[string, Uint8Array, RegExp]>([
    ["an encrypted member", patched("stored.zip", "entry", 8, 1, 0), /encrypted/],
    ["an unknown method", referenceBytes("bzip2.zip"), /method 12/],
    ["a local header with another method", patched("stored.zip", "local", 8, 8), /contradicts/],
    ["a local header with another name", patched("stored.zip", "local", 30, 0x4d), /contradicts/],
    ["a local header with another checksum", patched("deflated.zip", "local", 14, 1, 2, 3, 4), /contradicts/],
    ["a checksum that is wrong in both places", corruptInflated(), /checksum|inflate/],
    ["a size that is too small", patched("deflated.zip", "entry", 24, 5, 0, 0, 0), /does not inflate to the 5 bytes/],
    ["a size that is too large", patched("deflated.zip", "entry", 24, 0xff, 0, 0, 0), /does not inflate to the 255 bytes/],
    ["a bomb", patched("deflated.zip", "entry", 24, 0xff, 0xff, 0xff, 0x7f), /would grow/],
    ["a stored member with two sizes", patched("stored.zip", "entry", 24, 1, 0, 0, 0), /two sizes/],
    ["a member beyond the end", patched("stored.zip", "entry", 42, 0, 0xff, 0xff, 0), /cut short/],
  ])("%s, when it is opened", async (_, bytes, message) => {
    const zip = await openZip(bytesSource(bytes));
    await expect(zip.open("metadata.json")).rejects.toMatchObject({ code: "BAD_MODEL", message });
  });

  test.each<[string, Uint8Array, string, RegExp]>([
    ["no archive", new Uint8Array(100), "BAD_MODEL", /its end is missing/],
    ["an archive cut short", referenceBytes("stored.zip").slice(0, -30), "BAD_MODEL", /its end is missing/],
    ["one part of several", patched("stored.zip", "end", 4, 1, 0), "BAD_MODEL", /split/],
    ["a directory beyond the end", patched("stored.zip", "end", 16, 0, 0xff, 0xff, 0), "BAD_MODEL", /cut short/],
    ["more members than the directory has room for", patched("stored.zip", "end", 8, 0xff, 0xff, 0xff, 0xff), "BAD_MODEL", /65535 members/],
    ["a name that leads out of the archive", referenceBytes("outside.zip"), "UNSAFE_PATH", /outside/],
    ["two members of one name", referenceBytes("twice.zip"), "BAD_MODEL", /two members/],
  ])("%s", async (_, bytes, code, message) => {
    await expect(openZip(bytesSource(bytes))).rejects.toMatchObject({ code, message });
  });

  /** The first byte of the deflated data of metadata.json flipped. */
  function corruptInflated(): Uint8Array {
    return patched("deflated.zip", "local", 30 + "metadata.json".length + 4, 0x55);
  }
});

test.each(["stored.zip", "deflated.zip", "zip64.zip", "descriptors.zip"])(
  "random damage to %s ends in members or in an error of ours, 300 times",
  async (name) => {
    const bytes = referenceBytes(name);
    const change = fc.record({ at: fc.nat(bytes.byteLength - 1), byte: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 6 }), async (changes) => {
        const copy = bytes.slice();
        for (const { at, byte } of changes) copy[at] = byte;
        try {
          const zip = await openZip(bytesSource(copy));
          for (const member of zip.names) expect((await zip.open(member))?.byteLength).toBeLessThan(2 ** 28 + 1);
        } catch (error) {
          if (!isPellucidError(error)) throw error;
        }
      }),
      { numRuns: 300, seed: 7 },
    );
  },
);
