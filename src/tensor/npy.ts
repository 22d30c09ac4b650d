// NumPy's .npy files: tensors in and out.
// Source: NumPy Enhancement Proposal 1, and numpy.lib.format for versions 2.0 and 3.0.

import { fail } from "../errors.ts";
import { byteSize, bytesOf, type DType, viewAs } from "./dtype.ts";
import { formatShape, sizeOf, type Tensor, transpose } from "./tensor.ts";

const MAGIC = "\x93NUMPY";

/** NumPy's type codes, without the byte order. */
const codes: Readonly<Record<string, DType>> = {
  f2: "float16",
  f4: "float32",
  f8: "float64",
  i1: "int8",
  i2: "int16",
  i4: "int32",
  i8: "int64",
  u1: "uint8",
  u2: "uint16",
  u4: "uint32",
  u8: "uint64",
  b1: "bool",
};

interface NpyHeader {
  readonly dtype: DType;
  readonly bigEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly start: number;
}

/**
 * Reads a `.npy` file, format 1.0 to 3.0: any number type of up to 8 bytes, either byte order, C or Fortran order.
 *
 * @throws {BAD_NPY} if the file is damaged, cut short, or holds objects, texts, complex numbers or records
 */
export function readNpy(bytes: Uint8Array): Tensor {
  const header = readHeader(bytes);
  const { dtype, shape, start } = header;
  const length = sizeOf(shape) * byteSize(dtype);
  if (!Number.isSafeInteger(length) || start + length > bytes.length) {
    bad(`it is cut short: ${formatShape(shape)} of ${dtype} takes ${length} bytes, and ${bytes.length - start} are there`, { shape, dtype });
  }
  const data = bytes.slice(start, start + length);
  if (header.bigEndian) reverseElements(data, byteSize(dtype));
  const reversed = header.fortranOrder ? [...shape].reverse() : shape;
  const read = { dtype, shape: reversed, data: viewAs(dtype, data) } as Tensor;
  return header.fortranOrder
    ? transpose(
        read,
        shape.map((_, axis) => shape.length - 1 - axis),
      )
    : read;
}

/**
 * A tensor as a `.npy` file: format 1.0, C order, little-endian. bfloat16, which NumPy lacks, is written as float32.
 */
export function writeNpy(t: Tensor): Uint8Array {
  const { dtype, shape, data } = t.dtype === "bfloat16" ? widen(t) : t;
  const code = Object.entries(codes).find(([, known]) => known === dtype)?.[0];
  const descr = `${byteSize(dtype) === 1 ? "|" : "<"}${code}`;
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((MAGIC.length + 4 + text.length + 1) / 64) * 64;
  const file = new Uint8Array(start + data.byteLength);
  const headerLength = start - MAGIC.length - 4;
  file.set(latin1(`${MAGIC}\x01\x00`));
  new DataView(file.buffer).setUint16(MAGIC.length + 2, headerLength, true);
  file.set(latin1(`${text.padEnd(headerLength - 1)}\n`), MAGIC.length + 4);
  file.set(bytesOf(data), start);
  return file;
}

/** bfloat16 as float32: the same bits, with zeros after them. */
function widen({ shape, data }: Tensor): Tensor {
  const bits = Uint32Array.from(data as Uint16Array, (half) => half << 16);
  return { dtype: "float32", shape, data: new Float32Array(bits.buffer) };
}

function readHeader(bytes: Uint8Array): NpyHeader {
  if (!MAGIC.split("").every((c, i) => bytes[i] === c.charCodeAt(0)) || bytes.length < 12) bad("it does not begin as one");
  const major = bytes[6] as number;
  if (major < 1 || major > 3) bad(`its format version is ${major}.${bytes[7]}; 1.0 to 3.0 are read`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const from = major === 1 ? 10 : 12;
  const start = from + (major === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (start > bytes.length) bad("it is cut short within its header");
  return { ...parseHeader(new TextDecoder().decode(bytes.subarray(from, start))), start };
}

/** The header is a Python dictionary; only its three known keys are looked for. */
function parseHeader(text: string): Omit<NpyHeader, "start"> {
  const descr = /'descr'\s*:\s*(?:'([^']*)'|(\[))/.exec(text);
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text);
  const shape = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text);
  if (!descr || !order || !shape) bad("its header cannot be read", { header: text.slice(0, 200) });
  return { ...parseType(descr[1]), fortranOrder: order[1] === "True", shape: (shape[1] as string).match(/\d+/g)?.map(Number) ?? [] };
}

function parseType(descr = "a record"): { dtype: DType; bigEndian: boolean } {
  const dtype = codes[descr.replace(/^[<>=|]/, "")];
  if (dtype) return { dtype, bigEndian: descr.startsWith(">") };
  return bad(`its elements are of type ${descr}, which is not a number type that Pellucid has`, { descr });
}

function reverseElements(data: Uint8Array, size: number): void {
  for (let first = 0; first < data.length; first += size) {
    for (let i = first, j = first + size - 1; i < j; i++, j--) [data[i], data[j]] = [data[j] as number, data[i] as number];
  }
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}

function bad(what: string, details?: Record<string, unknown>): never {
  return fail("BAD_NPY", `The .npy file cannot be used: ${what}.`, { hint: "Write it with numpy.save, as float32 for example.", details });
}
