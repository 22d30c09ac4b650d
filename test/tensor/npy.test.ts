import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isPellucidError } from "../../src/errors.ts";
import { allocate, bytesOf, type DType, dtypes } from "../../src/tensor/dtype.ts";
import { readNpy, writeNpy } from "../../src/tensor/npy.ts";
import { fromNumbers, sizeOf, type Tensor, toNumbers } from "../../src/tensor/tensor.ts";
import { referenceBytes, referenceJson } from "../reference-files.ts";

interface Case {
  readonly file: string;
  readonly dtype: DType;
  readonly shape: number[];
  readonly values: number[];
  /** Whether NumPy writes exactly these bytes by default. */
  readonly canonical?: boolean;
}

const { readable, refused } = referenceJson<{ readable: Case[]; refused: string[] }>("npy/manifest.json");

describe("readNpy", () => {
  it.each(readable)("reads $file as NumPy wrote it", ({ file, dtype, shape, values }) => {
    const t = readNpy(referenceBytes(`npy/${file}`));
    expect({ dtype: t.dtype, shape: t.shape }).toEqual({ dtype, shape });
    expect(toNumbers(t)).toEqual(values);
  });

  it.each(refused)("refuses %s by its type", (file) => {
    expect(() => readNpy(referenceBytes(`npy/${file}`))).toThrow(expect.objectContaining({ code: "BAD_NPY", message: expect.stringMatching(/of type/) }));
  });

  it("says where a file is cut short, wherever that is", () => {
    const file = referenceBytes("npy/float32.npy");
    for (let length = 0; length < file.length; length++) {
      expect(() => readNpy(file.subarray(0, length)), `${length} bytes`).toThrow(expect.objectContaining({ code: "BAD_NPY" }));
    }
  });

  it("takes no memory for what a header merely promises", () => {
    const text = "{'descr': '<f8', 'fortran_order': False, 'shape': (900000000, 900000000), }\n";
    const file = Uint8Array.from(`\x93NUMPY\x01\x00${String.fromCharCode(text.length, 0)}${text}`, (c) => c.charCodeAt(0));
    expect(() => readNpy(file)).toThrow(expect.objectContaining({ code: "BAD_NPY", message: expect.stringMatching(/cut short/) }));
  });

  it("meets changed bytes with a tensor or with BAD_NPY", () => {
    const files = readable.map(({ file }) => referenceBytes(`npy/${file}`));
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.array(fc.tuple(fc.nat(140), fc.nat(255)), { minLength: 1, maxLength: 6 }), (file, changes) => {
        const changed = file.slice();
        for (const [at, value] of changes) changed[at % changed.length] = value;
        try {
          const t = readNpy(changed);
          expect(t.data.length).toBe(sizeOf(t.shape));
        } catch (error) {
          expect(isPellucidError(error, "BAD_NPY"), String(error)).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("writeNpy", () => {
  it.each(readable.filter(({ canonical }) => canonical))("writes $file byte for byte as NumPy", ({ file, dtype, shape, values }) => {
    expect(writeNpy(fromNumbers(dtype, shape, values))).toEqual(referenceBytes(`npy/${file}`));
  });

  it("writes what readNpy reads back, bit for bit", () => {
    const kinds = dtypes.filter((dtype) => dtype !== "bfloat16" && dtype !== "bool");
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.array(fc.nat(4), { maxLength: 4 }), fc.infiniteStream(fc.nat(255)), (dtype, shape, stream) => {
        const data = allocate(dtype, sizeOf(shape));
        const bytes = bytesOf(data);
        for (let i = 0; i < bytes.length; i++) bytes[i] = stream.next().value as number;
        const t = { dtype, shape, data } as Tensor;
        const back = readNpy(writeNpy(t));
        expect({ dtype: back.dtype, shape: back.shape, bytes: bytesOf(back.data) }).toEqual({ dtype, shape, bytes });
      }),
    );
  });

  it("widens bfloat16, which NumPy lacks, without loss", () => {
    const t: Tensor = { dtype: "bfloat16", shape: [3], data: Uint16Array.of(0x3f80, 0xc0a0, 0x4049) };
    const back = readNpy(writeNpy(t));
    expect(back.dtype).toBe("float32");
    expect(toNumbers(back)).toEqual([1, -5, 3.140625]);
  });
});
