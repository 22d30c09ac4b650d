// A 3×3 convolution by Winograd's minimal filtering F(4×4, 3×3): a quarter of the multiplications, in plain ONNX operators.
//
// Every 4×4 tile of y is y = Aᵀ [Σ_c (G w Gᵀ) ⊙ (Bᵀ x B)] A, with x a tile of 6×6. Here Bᵀ and Aᵀ are matrices over whole rows
// and columns, and the sum over channels 36 products of matrices. The adjoint, a convolution with the flipped kernel, takes
// the same way back, with the same transformed kernel. Lavin & Gray 2016, arXiv:1509.09308.

import type { Node } from "../graph/types.ts";
import type { GraphWriter } from "./writer.ts";

/** A 3×3 convolution at stride 1: of `w` `[to,from,3,3]`, or the adjoint of the convolution of `w` `[from,to,3,3]`. */
export interface Convolution3x3 {
  readonly w: string;
  readonly adjoint: boolean;
  readonly batch: number;
  /** Channels that go in, and that come out. */
  readonly from: number;
  readonly to: number;
  /** Height and width: how many go in and come out, and how many zeros the convolution of `w` puts before. */
  readonly axes: readonly Axis[];
}

interface Axis {
  readonly from: number;
  readonly to: number;
  readonly pad: number;
}

/** Outputs of a tile along one axis; it takes two inputs more. */
export const TILE = 4;

// The transforms for the points 0, 1, −1, 2, −2 and ∞.

const Bt = [
  [4, 0, -5, 0, 1, 0],
  [0, -4, -4, 1, 1, 0],
  [0, 4, -4, -1, 1, 0],
  [0, -2, -1, 2, 1, 0],
  [0, 2, -1, -2, 1, 0],
  [0, 4, 0, -5, 0, 1],
];
const G = [
  [1 / 4, 0, 0],
  [-1 / 6, -1 / 6, -1 / 6],
  [-1 / 6, 1 / 6, -1 / 6],
  [1 / 24, 1 / 12, 1 / 6],
  [1 / 24, -1 / 12, 1 / 6],
  [0, 0, 1],
];
const At = [
  [1, 1, 1, 1, 1, 0],
  [0, 1, -1, 2, -2, 0],
  [0, 1, 1, 4, 4, 0],
  [0, 1, -1, 8, -8, 1],
];

/** Points a tile is evaluated at, along one axis. */
const POINTS = 6;

/**
 * Writes the convolution; returns the node that makes what `node`, the Conv, made. Between, channels stand last: ONNX
 * Runtime moves one axis fast, and products of matrices are the larger for it.
 */
export function writeWinograd(writer: GraphWriter, node: Node, conv: Convolution3x3): Node {
  const { batch, from, to, axes } = conv;
  writer.scope = node.name || (node.outputs[0] as string);
  const [height, width] = axes.map((axis) => transforms(axis, conv.adjoint)) as [Transforms, Transforms];
  const [rows, columns] = [height, width].map(({ into }) => into.length / POINTS) as [number, number];
  const x = writer.transpose(node.inputs[0] as string, [0, 2, 3, 1]);
  const evaluated = writer.reshape(alongBoth(writer, x, height.into, width.into), [batch, POINTS, rows, POINTS, columns, from]);
  const tiles = writer.reshape(writer.transpose(evaluated, [1, 3, 0, 2, 4, 5]), [1, POINTS * POINTS, batch * rows * columns, from]);
  const products = writer.emit("com.microsoft.FusedMatMul", [tiles, transformedKernel(writer, conv)], { transB: conv.adjoint ? 0 : 1 });
  const points = writer.transpose(writer.reshape(products, [POINTS, POINTS, batch, rows, columns, to]), [2, 0, 3, 1, 4, 5]);
  const y = alongBoth(writer, writer.reshape(points, [batch, POINTS * rows, POINTS * columns, to]), height.out, width.out);
  const biased = node.inputs[2] ? writer.emit("Add", [y, node.inputs[2]]) : y;
  return { ...node, op: "Transpose", inputs: [biased], attrs: { perm: { kind: "ints", value: [0, 3, 1, 2] } } };
}

/** A matrix along the height of x `[batch,height,width,channels]`, another along its width. */
function alongBoth(writer: GraphWriter, x: string, alongHeight: Matrix, alongWidth: Matrix): string {
  const [batch, height, width, channels] = writer.shape(x) as [number, number, number, number];
  const rows = writer.emit("MatMul", [matrix(writer, alongHeight), writer.reshape(x, [batch, height, width * channels])]);
  return writer.emit("MatMul", [matrix(writer, alongWidth), writer.reshape(rows, [batch, alongHeight.length, width, channels])]);
}

/** G w Gᵀ, `[1,36,M,C]` of a kernel `[M,C,3,3]`: once for the convolution and its adjoint, and by ONNX Runtime at load. */
function transformedKernel(writer: GraphWriter, { w }: Convolution3x3): string {
  const name = `${w}:winograd`;
  if (writer.has(name)) return name;
  const mixing = G.flatMap((g) => G.map((h) => g.flatMap((a) => h.map((b) => a * b))));
  const points = writer.constant("float32", [1, POINTS * POINTS, 3, 3], mixing.flat());
  return writer.emit("Einsum", [points, w], { equation: "opij,mcij->opmc" }, name);
}

/** Rows of numbers. */
type Matrix = readonly (readonly number[])[];

/** For one axis: from what goes in to the points of all tiles, and from these to what comes out. */
interface Transforms {
  /** `[points · tiles, size]` */
  readonly into: Matrix;
  /** `[size, points · tiles]` */
  readonly out: Matrix;
}

function transforms({ from, to, pad }: Axis, adjoint: boolean): Transforms {
  const [inputs, outputs] = adjoint ? [to, from] : [from, to];
  const [analysis, synthesis] = [onTiles(Bt, inputs, pad, outputs), onTiles(transposed(At), outputs, 0, outputs)];
  return adjoint ? { into: synthesis, out: transposed(analysis) } : { into: analysis, out: transposed(synthesis) };
}

/** The taps of every point on every tile, over `size` positions of which the first tile begins `pad` before. */
function onTiles(taps: Matrix, size: number, pad: number, outputs: number): Matrix {
  const tiles = Math.ceil(outputs / TILE);
  const row = (tap: readonly number[], tile: number) => Array.from({ length: size }, (_, i) => tap[i - TILE * tile + pad] ?? 0);
  return taps.flatMap((tap) => Array.from({ length: tiles }, (_, tile) => row(tap, tile)));
}

function transposed(m: Matrix): Matrix {
  return (m[0] ?? []).map((_, j) => m.map((row) => row[j] as number));
}

function matrix(writer: GraphWriter, rows: Matrix): string {
  return writer.constant("float32", [rows.length, (rows[0] as readonly number[]).length], rows.flat());
}
