// Fourier transforms. Complex tensors are pairs of a real and an imaginary one. A transform is a product with the matrix of
// cosines and sines, which the graph makes itself, so that files stay small and every device runs it.

import { add, div, mul, sub } from "../../../ops/formula.ts";
import { isList } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { counting, intOption, listOperand, number, option, ownOperand } from "./operands.ts";
import { swapLast } from "./products.ts";
import { part } from "./reduction.ts";

type Complex = readonly [real: string, imaginary: string];

/** Longer ones would make matrices that fill the memory; the products of their places are exact in float32 up to it. */
const LONGEST = 4096;

const sizeOf = (w: LayerWriter, x: string) => w.graphShape(x).at(-1) as number;

/** cos and sin of 2πik/n for i below `rows` and k below `columns`. */
function circle(w: LayerWriter, n: number, rows: number, columns: number): Complex {
  if (!(n >= 1 && n <= LONGEST)) w.fail("UNSUPPORTED_LAYER", `transforms ${n} values, and more than ${LONGEST} are not supported`);
  const places = mul(w, w.state.graph.reshape(counting(w, rows), [rows, 1]), counting(w, columns));
  // The angle within one turn: sines of large angles are not exact.
  const turns = sub(w, places, mul(w, w.emit("Floor", [mul(w, add(w, places, 0.5), 1 / n)]), n));
  const angle = mul(w, turns, (2 * Math.PI) / n);
  return [w.emit("Cos", [angle]), w.emit("Sin", [angle])];
}

/** Along the last axis: Σ xᵢ e^(∓2πi·k/n). @param sign −1 forwards, 1 backwards, which divides by n too */
function transform(w: LayerWriter, [re, im]: Complex, sign: 1 | -1): Complex {
  const n = sizeOf(w, re);
  const [cos, sin] = circle(w, n, n, n);
  const [rc, rs, ic, is] = [re, im].flatMap((x) => [cos, sin].map((m) => w.emit("MatMul", [x, m]))) as [string, string, string, string];
  const result: Complex = sign < 0 ? [add(w, rc, is), sub(w, ic, rs)] : [sub(w, rc, is), add(w, ic, rs)];
  return sign < 0 ? result : [div(w, result[0], n), div(w, result[1], n)];
}

/** Along the last two axes. */
function transform2(w: LayerWriter, x: Complex, sign: 1 | -1): Complex {
  const rows = transform(w, x, sign);
  const columns = transform(w, [swapLast(w, rows[0]), swapLast(w, rows[1])], sign);
  return [swapLast(w, columns[0]), swapLast(w, columns[1])];
}

/** The last axis cut or filled with zeros to a length. */
function fitted(w: LayerWriter, x: string, length: number, before = 0): string {
  const axis = w.graphShape(x).length - 1;
  const size = sizeOf(w, x);
  if (size + before > length) return part(w, x, axis, 0, length);
  const zeros = new Array<number>(axis).fill(0);
  return w.emit("Pad", [x, w.ints([...zeros, before, ...zeros, length - size - before]), w.scalar(0)], { mode: "constant" });
}

/** Of real values: the frequencies from 0 to the half. */
function realTransform(w: LayerWriter, x: string, n: number): Complex {
  const [cos, sin] = circle(w, n, n, Math.floor(n / 2) + 1);
  const signal = fitted(w, x, n);
  return [w.emit("MatMul", [signal, cos]), w.emit("Neg", [w.emit("MatMul", [signal, sin])])];
}

/** Back to n real values. Frequencies between 0 and the half stand for themselves and their mirrors. */
function inverseReal(w: LayerWriter, [re, im]: Complex, n: number): string {
  const count = Math.floor(n / 2) + 1;
  const [cos, sin] = circle(w, n, count, n);
  const weights = w.constant(
    Array.from({ length: count }, (_, k) => (k === 0 || 2 * k === n ? 1 : 2) / n),
    [count, 1],
  );
  const product = (x: string, m: string) => w.emit("MatMul", [fitted(w, x, count), mul(w, m, weights)]);
  return sub(w, product(re, cos), product(im, sin));
}

/** Values along a last axis, which a number by itself has not. */
const series = (w: LayerWriter, x: string) => (w.graphShape(x).length > 0 ? x : w.fail("BAD_MODEL", "transforms a single number"));

/** The pair that an operation is given. */
function pair(w: LayerWriter): Complex {
  const tensors = listOperand(w, 0, "x").map((value) => series(w, number(w, w.own(value))));
  return tensors.length === 2 ? (tensors as unknown as Complex) : w.fail("BAD_MODEL", `takes ${tensors.length} tensors for a real and an imaginary one`);
}

const values = (w: LayerWriter, parts: Complex): Value[] => parts.map((x) => w.fromOwn(x));

/** A length that may be left out. */
function lengthOr(w: LayerWriter, fallback: number): number {
  const length = intOption(w, fallback, 1, "fft_length");
  return length >= 1 && length <= LONGEST ? length : w.fail("UNSUPPORTED_LAYER", `transforms ${length} values, and more than ${LONGEST} are not supported`);
}

/** Windows along the last axis: [… , windows, length]. */
function frames(w: LayerWriter, x: string, length: number, stride: number): string {
  const size = sizeOf(w, x);
  const count = Math.floor((size - length) / stride) + 1;
  if (length < 1 || stride < 1 || count < 1 || count * length > 2 ** 26) w.fail("BAD_MODEL", `takes windows of ${length} every ${stride} of ${size} values`);
  const places = Array.from({ length: count * length }, (_, i) => Math.floor(i / length) * stride + (i % length));
  return w.emit("Gather", [x, w.state.graph.constant("int64", [count, length], places)], { axis: w.graphShape(x).length - 1 });
}

/** The weights of a window of `length` values. */
function windowWeights(w: LayerWriter, length: number): readonly number[] | undefined {
  const given = option(w, 4, "window");
  if (given === undefined) return undefined;
  if (isList(given) && given.length === length && given.every((x) => typeof x === "number")) return given as number[];
  const share = given === "hann" ? 0.5 : given === "hamming" ? 0.54 : w.fail("UNSUPPORTED_LAYER", `has the window ${JSON.stringify(given).slice(0, 60)}`);
  // TensorFlow's windows repeat after their length where that is even, else they are symmetric.
  const period = length % 2 === 0 ? length : length - 1;
  return Array.from({ length }, (_, i) => (length === 1 ? 1 : share - (1 - share) * Math.cos((2 * Math.PI * i) / period)));
}

interface Short {
  readonly fft: number;
  readonly stride: number;
  /** The window's weights among zeros, of `fft` places. */
  readonly window: readonly number[] | undefined;
  readonly centered: boolean;
}

function shortTime(w: LayerWriter): Short {
  const [length, stride, fft] = (["sequence_length", "sequence_stride", "fft_length"] as const).map((name, i) => intOption(w, undefined, i + 1, name)) as [
    number,
    number,
    number,
  ];
  if (!(length >= 1 && fft >= length && fft <= LONGEST && stride >= 1))
    w.fail("UNSUPPORTED_LAYER", `transforms windows of ${length} as ${fft} values, and more than ${LONGEST} are not supported`);
  const weights = windowWeights(w, length);
  const before = Math.floor((fft - length) / 2);
  const window = weights && Array.from({ length: fft }, (_, i) => weights[i - before] ?? 0);
  return { fft, stride, window, centered: option(w, 5, "center") !== false };
}

/** The transforms of windows that follow one another. */
function stft(w: LayerWriter): Value[] {
  const { fft, stride, window, centered } = shortTime(w);
  const x = series(w, ownOperand(w, 0, "x"));
  const [zeros, half] = [new Array<number>(w.graphShape(x).length - 1).fill(0), Math.floor(fft / 2)];
  const long = centered ? w.emit("Pad", [x, w.ints([...zeros, half, ...zeros, half])], { mode: "reflect" }) : x;
  const taken = frames(w, long, fft, stride);
  return values(w, realTransform(w, window ? mul(w, taken, w.constant(window)) : taken, fft));
}

/** Back: windows are weighted again, so that the weights of all that overlap square to one, and summed at their places. */
function istft(w: LayerWriter): Value {
  const { fft, stride, window, centered } = shortTime(w);
  const parts = inverseReal(w, pair(w), fft);
  const sums = new Array<number>(stride).fill(0);
  for (const [i, weight] of (window ?? []).entries()) sums[i % stride] = (sums[i % stride] as number) + weight * weight;
  const weighted = window ? mul(w, parts, w.constant(window.map((weight, i) => weight / (sums[i % stride] as number)))) : parts;
  const [count, size] = w.graphShape(weighted).slice(-2) as [number, number];
  const rest = w.graphShape(weighted).slice(0, -2);
  // As a transposed convolution that puts window k at k · stride.
  const columns = w.state.graph.reshape(swapLast(w, weighted), [rest.reduce((n, d) => n * d, 1), size, count]);
  const identity = w.emit(
    "Trilu",
    [
      w.emit("Trilu", [w.emit("Expand", [w.scalar(1), w.ints([size, size])]), w.state.graph.scalar(0, "int64")], { upper: 0 }),
      w.state.graph.scalar(0, "int64"),
    ],
    { upper: 1 },
  );
  const whole = w.emit("ConvTranspose", [columns, w.emit("Unsqueeze", [identity, w.ints([1])])], { strides: [stride] });
  const length = option(w, 9, "length");
  const all = stride * (count - 1) + size;
  const start = centered ? Math.floor(fft / 2) : 0;
  const end = typeof length === "number" ? Math.min(start + length, all) : centered ? all - Math.floor(fft / 2) : all;
  if (end <= start) w.fail("BAD_MODEL", "cuts away the whole series");
  return w.fromOwn(w.state.graph.reshape(part(w, whole, 2, start, end), [...rest, end - start]));
}

export const fourierOperators: Operators = {
  extract_sequences: (w) =>
    w.fromOwn(frames(w, series(w, ownOperand(w, 0, "x")), intOption(w, undefined, 1, "sequence_length"), intOption(w, undefined, 2, "sequence_stride"))),
  fft: (w) => values(w, transform(w, pair(w), -1)),
  fft2: (w) => values(w, transform2(w, pair(w), -1)),
  ifft2: (w) => values(w, transform2(w, pair(w), 1)),
  irfft: (w) => {
    const x = pair(w);
    return w.fromOwn(inverseReal(w, x, lengthOr(w, 2 * (sizeOf(w, x[0]) - 1))));
  },
  istft,
  rfft: (w) => {
    const x = series(w, ownOperand(w, 0, "x"));
    return values(w, realTransform(w, x, lengthOr(w, sizeOf(w, x))));
  },
  stft,
};
