// Complex numbers, and the Fourier transforms that make them. ONNX Runtime computes with neither, so a complex tensor is two of
// floats, and a transform is a product with a matrix of cosines and one of sines.

import type { Value } from "../keras/layers/value.ts";
import { angleOf } from "../keras/operators/angle.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";

/** A tensor of complex numbers: `tensor` holds their real parts. */
export interface ComplexValue extends Value {
  readonly imaginary: string;
}

export function isComplex(value: Value): value is ComplexValue {
  return "imaginary" in value;
}

/** Operators that do the same to real and imaginary parts, one after the other. */
export const IN_PARTS: ReadonlySet<string> = new Set(
  "Identity IdentityN StopGradient Reshape Transpose Squeeze ExpandDims ConcatV2 Pack Tile StridedSlice Slice Split SplitV Unpack Pad GatherV2 GatherNd ReverseV2 Add AddV2 Sub Neg Sum Mean".split(
    " ",
  ),
);

/** The imaginary part in place of the real one; inputs that are not complex (axes, shapes) are the same for both. */
export function imaginaryPart(value: Value): Value {
  return isComplex(value) ? { tensor: value.imaginary, order: value.order } : value;
}

/** A complex input, its axes in TensorFlow's order; real numbers have no imaginary part. */
function complexInput(w: NodeWriter, i = 0): { real: string; imaginary: string } {
  const value = w.input(i);
  const real = w.own(value);
  const imaginary = isComplex(value) ? w.own({ ...value, tensor: value.imaginary }) : w.emit("Expand", [w.scalar(0), w.ints(w.graphShape(real))]);
  return { real, imaginary };
}

/** Longer transforms would need larger matrices than it is reasonable to hold. */
const LONGEST = 2048;

/** scale · cos(2πjk/n), or the sine, for rows j and columns k. */
function waves(w: NodeWriter, n: number, rows: number, columns: number, wave: (angle: number) => number, scale: (row: number) => number = () => 1): string {
  const at = (j: number, k: number) => scale(j) * wave((2 * Math.PI * ((j * k) % n)) / n);
  return w.axes.graph.constant(
    "float32",
    [rows, columns],
    Array.from({ length: rows * columns }, (_, i) => at(Math.floor(i / columns), i % columns)),
  );
}

function lengthOf(w: NodeWriter, n: number): number {
  if (n < 1) w.fail("BAD_MODEL", `transforms ${n} elements`);
  return n <= LONGEST ? n : w.fail("UNSUPPORTED_OPERATOR", `transforms ${n} elements, more than ${LONGEST}`);
}

const product = (w: NodeWriter, a: string, b: string) => w.emit("MatMul", [a, b]);

/** The last axis cut, or filled up with zeros, to a length. */
function fitted(w: NodeWriter, x: string, length: number): string {
  const shape = w.graphShape(x);
  const more = length - (shape.at(-1) as number);
  const last = [shape.length - 1];
  if (more < 0) return w.emit("Slice", [x, w.ints([0]), w.ints([length]), w.ints(last)]);
  const zeros = shape.slice(0, -1).map(() => 0);
  return more > 0 ? w.emit("Pad", [x, w.ints([...zeros, 0, ...zeros, more])]) : x;
}

/** X_k = Σ x_j · e^(−2πijk/n) over the last axis. */
function forward(w: NodeWriter): ComplexValue {
  const { real, imaginary } = complexInput(w);
  const n = lengthOf(w, w.graphShape(real).at(-1) ?? 0);
  const [cosines, sines] = [waves(w, n, n, n, Math.cos), waves(w, n, n, n, Math.sin)];
  return {
    tensor: w.emit("Add", [product(w, real, cosines), product(w, imaginary, sines)]),
    imaginary: w.emit("Sub", [product(w, imaginary, cosines), product(w, real, sines)]),
  };
}

/** x_j = Σ X_k · e^(2πijk/n) / n over the last axis. */
function backward(w: NodeWriter): ComplexValue {
  const { real, imaginary } = complexInput(w);
  const n = lengthOf(w, w.graphShape(real).at(-1) ?? 0);
  const [cosines, sines] = [waves(w, n, n, n, Math.cos, () => 1 / n), waves(w, n, n, n, Math.sin, () => 1 / n)];
  return {
    tensor: w.emit("Sub", [product(w, real, cosines), product(w, imaginary, sines)]),
    imaginary: w.emit("Add", [product(w, imaginary, cosines), product(w, real, sines)]),
  };
}

/** The first half of the transform of real numbers; the other half mirrors it. */
function realForward(w: NodeWriter): ComplexValue {
  const n = lengthOf(w, w.scalarConstant(1));
  const x = fitted(w, w.own(w.input(0)), n);
  const half = Math.floor(n / 2) + 1;
  return {
    tensor: product(w, x, waves(w, n, n, half, Math.cos)),
    imaginary: product(
      w,
      x,
      waves(w, n, n, half, (angle) => -Math.sin(angle)),
    ),
  };
}

/** Back to real numbers: every frequency counts for its mirror too, but for the first and, of an even number, the last. */
function realBackward(w: NodeWriter): Value {
  const n = lengthOf(w, w.scalarConstant(1));
  const half = Math.floor(n / 2) + 1;
  const { real, imaginary } = complexInput(w);
  const scale = (k: number) => (k === 0 || 2 * k === n ? 1 : 2) / n;
  const even = product(w, fitted(w, real, half), waves(w, n, half, n, Math.cos, scale));
  return { tensor: w.emit("Sub", [even, product(w, fitted(w, imaginary, half), waves(w, n, half, n, Math.sin, scale))]) };
}

/** Two tensors of floats as one of complex numbers. */
function complex(w: NodeWriter): ComplexValue {
  const { tensors, order } = w.aligned([w.input(0), w.input(1)]);
  return { tensor: tensors[0] as string, imaginary: tensors[1] as string, order };
}

/** √(re² + im²), whose gradient at 0 is 0. */
function absolute(w: NodeWriter): Value {
  const { real, imaginary } = complexInput(w);
  const axis = w.ints([w.graphShape(real).length]);
  const both = w.emit(
    "Concat",
    [real, imaginary].map((part) => w.emit("Unsqueeze", [part, axis])),
    { axis: -1 },
  );
  return { tensor: w.emit("ReduceL2", [both, axis], { keepdims: 0 }) };
}

function angle(w: NodeWriter): Value {
  const { real, imaginary } = complexInput(w);
  return { tensor: angleOf(w, imaginary, real) };
}

function conjugate(w: NodeWriter): ComplexValue {
  const { real, imaginary } = complexInput(w);
  return { tensor: real, imaginary: w.emit("Neg", [imaginary]) };
}

export const spectralOps: readonly TfOp[] = [
  { op: "Complex", least: 2, emit: complex },
  { op: "Real", complex: true, emit: (w) => ({ tensor: complexInput(w).real }) },
  { op: "Imag", complex: true, emit: (w) => ({ tensor: complexInput(w).imaginary }) },
  { op: "ComplexAbs", complex: true, emit: absolute },
  { op: "Angle", complex: true, emit: angle },
  { op: "Conj", complex: true, emit: conjugate },
  { op: "FFT", complex: true, emit: forward },
  { op: "IFFT", complex: true, emit: backward },
  { op: "RFFT", least: 2, emit: realForward },
  { op: "IRFFT", least: 2, complex: true, emit: realBackward },
];
