// Every object of every kind of file, against what h5py reads; and what is refused.

import { File as H5File, ready } from "h5wasm";
import { describe, expect, test } from "vitest";
import { openHdf5 } from "../../../src/formats/hdf5/open-hdf5.ts";
import { fixedString } from "../../../src/formats/hdf5/text.ts";
import { isRegion } from "../../../src/graph/types.ts";
import { bytesSource, type Source } from "../../../src/source.ts";
import { bytesOfWeight, referenceBytes, referenceJson, referenceSource, sha256 } from "../containers.ts";

interface Described {
  attributes: Record<string, unknown>;
  children?: string[];
  dtype?: string;
  shape?: number[];
  sha256?: string;
}

const expected = referenceJson<Record<string, Record<string, Described>>>("hdf5.json");

describe.each(Object.entries(expected))("%s", (name, objects) => {
  test("attributes are those that h5py reads", async () => {
    const file = await openHdf5(await referenceSource(name));
    for (const [path, { attributes }] of Object.entries(objects)) {
      for (const [key, value] of Object.entries(attributes)) expect((await file.attribute(path, key)) ?? null, `${path}@${key}`).toEqual(asNumbers(value));
    }
  });

  test("groups list their names in order", async () => {
    const file = await openHdf5(await referenceSource(name));
    for (const [path, { children }] of Object.entries(objects)) expect(await file.children(path), path).toEqual(children);
  });

  test("datasets have the bytes that h5py reads, little-endian", async () => {
    const file = await openHdf5(await referenceSource(name));
    for (const [path, { dtype, shape, sha256: hash }] of Object.entries(objects)) {
      if (!dtype) continue;
      const weight = await file.dataset(path);
      expect({ dtype: weight?.dtype, shape: weight?.shape }, path).toEqual({ dtype, shape });
      expect(weight && sha256(await bytesOfWeight(weight)), path).toBe(hash);
    }
  });

  test("what is not there is undefined, not an error", async () => {
    const file = await openHdf5(await referenceSource(name));
    expect(await file.attribute("", "nothing")).toBeUndefined();
    for (const path of ["nothing", "nothing/at/all", "weights/scalar/below"]) {
      expect([await file.attribute(path, "x"), await file.children(path), await file.dataset(path)]).toEqual([undefined, undefined, undefined]);
    }
  });
});

/** h5py's booleans are an enumeration of 0 and 1. */
function asNumbers(value: unknown): unknown {
  return typeof value === "boolean" ? Number(value) : value;
}

describe("a file as Keras writes it", () => {
  test("weights are places in the file, and opening reads only its metadata", async () => {
    const disk = await referenceSource("classic.h5");
    const read: [number, number][] = [];
    const file = await openHdf5({
      ...disk,
      slice: (start, end) => {
        read.push([start, end]);
        return disk.slice(start, end);
      },
    });
    const kernel = await file.dataset("weights/kernels/float32:0");
    if (!kernel || !isRegion(kernel.data)) throw new Error("not a region");
    expect(kernel.data.source.path).toBe(disk.path);
    expect(sha256(await disk.slice(kernel.data.offset, kernel.data.offset + kernel.data.length))).toBe(
      expected["classic.h5"]?.["weights/kernels/float32:0"]?.sha256,
    );
    expect(read.length).toBeLessThan(8);
  });

  test("every link of a B-tree with several levels leads to its object", async () => {
    const file = await openHdf5(await referenceSource("classic.h5"));
    const names = (await file.children("many")) ?? [];
    expect(names).toHaveLength(300);
    for (const name of names) expect(await file.children(`many/${name}`)).toEqual(["conv1"]);
  });

  test("text in a dataset is no weight", async () => {
    for (const name of ["classic.h5", "latest.h5"]) {
      const file = await openHdf5(await referenceSource(name));
      await expect(file.dataset("weights/text")).rejects.toMatchObject({ code: "BAD_MODEL" });
    }
  });

  test("bytes in memory are read like a file", async () => {
    const file = await openHdf5(bytesSource(referenceBytes("classic.h5")));
    expect(await file.attribute("/attributes/", "config")).toBe('{"name": "gefärbt"}');
  });
});

describe("a file of a later version", () => {
  test.each(["dense-latest.h5", "dense-ordered.h5", "dense-holes.h5"])("%s: weights are places in the file", async (name) => {
    const file = await openHdf5(await referenceSource(name));
    for (const path of ["w", "typed", "links 250/7 ßßßßßßß"]) expect(isRegion((await file.dataset(path))?.data as Uint8Array), path).toBe(true);
  });

  test("a heap whose blocks are tables, a B-tree of several levels", async () => {
    const names = Array.from({ length: 1500 }, (_, i) => `${i} ${"x".repeat(1000)}`);
    const library = await ready;
    const written = new H5File("wide.h5", "w", { libver: ["latest", "latest"] });
    written.create_group("target").create_attribute("answer", 42);
    const wide = written.create_group("wide");
    for (const name of names) wide.create_hard_link("/target", name);
    written.close();
    const bytes = library.FS.readFile("wide.h5");
    library.FS.unlink("wide.h5");
    const file = await openHdf5(bytesSource(bytes));
    expect(await file.children("wide")).toEqual(names.toSorted());
    for (const name of [names[0], names[1499]]) expect(await file.attribute(`wide/${name}`, "answer")).toBe(42);
  });
});

test("a dataset in chunks costs the bytes around it, not those of the whole file", async () => {
  const bytes = referenceBytes("chunked.h5");
  let read = 0;
  const large: Source = {
    name: "large.h5",
    byteLength: 2 ** 33,
    slice: async (start, end) => {
      read += end - start;
      const part = new Uint8Array(end - start);
      part.set(bytes.subarray(Math.min(start, bytes.byteLength), Math.min(end, bytes.byteLength)));
      return part;
    },
  };
  const weight = await (await openHdf5(large)).dataset("weights/kernels/float32:0");
  expect(weight && sha256(await bytesOfWeight(weight))).toBe(expected["chunked.h5"]?.["weights/kernels/float32:0"]?.sha256);
  expect(read).toBeLessThan(256 * 1024);
});

describe.each(["links-classic.h5", "links-latest.h5"])("%s", (name) => {
  test.each(["soft", "elsewhere/external", "virtual", "elsewhere/external/below"])("%s is refused", async (path) => {
    const file = await openHdf5(await referenceSource(name));
    await expect(file.dataset(path)).rejects.toMatchObject({ code: "UNSAFE_PATH" });
  });

  test("a filter that is not there is named", async () => {
    const file = await openHdf5(await referenceSource(name));
    await expect(file.dataset("lzf")).rejects.toMatchObject({ code: "BAD_MODEL", message: /filter "lzf"/, details: { filter: "lzf" } });
  });

  test("data in another file are refused, data in this one are read", async () => {
    const file = await openHdf5(await referenceSource(name));
    await expect(file.dataset("stored outside")).rejects.toMatchObject({ code: "UNSAFE_PATH" });
    expect((await file.dataset("w"))?.shape).toEqual([3, 5]);
  });
});

test("a string that says spaces may be filled up with NULs, as h5wasm writes it", () => {
  const bytes = new TextEncoder().encode("conv1\0\0 ");
  expect(fixedString(bytes, "spaces")).toBe("conv1");
  expect(fixedString(bytes, "nulls")).toBe("conv1\0\0 ");
});
