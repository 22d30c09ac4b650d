// VGG16 with random weights, made on the spot: as an .onnx file, as a Keras .h5 and as plain numbers for the others.

import { closeSync, openSync, writeSync } from "node:fs";
import { encodeOnnx } from "../src/graph/encode.ts";
import { type Graph, isRegion, type Weight } from "../src/graph/types.ts";
import { GraphWriter } from "../src/ops/writer.ts";

/** Output channels of every convolution, by block. */
export const blocks = [
  [64, 64],
  [128, 128],
  [256, 256, 256],
  [512, 512, 512],
  [512, 512, 512],
] as const;

const dense = [
  [25088, 4096],
  [4096, 4096],
  [4096, 1000],
] as const;

export interface WeightPair {
  readonly name: string;
  readonly w: Float32Array;
  readonly b: Float32Array;
  /** `[out,in,3,3]` for convolutions, `[in,out]` for dense layers. */
  readonly shape: readonly number[];
}

export interface Vgg16Weights {
  readonly convs: readonly WeightPair[];
  readonly dense: readonly WeightPair[];
}

/** Weights of He's scale, so that no activation dies or explodes: the same at every call. */
export function randomVgg16(): Vgg16Weights {
  const random = noise(16);
  let channels = 3;
  const convs = blocks.flatMap((widths, i) =>
    widths.map((width, k) => {
      const shape = [width, channels, 3, 3];
      const pair = { name: `block${i + 1}_conv${k + 1}`, w: random(width * channels * 9, channels * 9), b: new Float32Array(width), shape };
      channels = width;
      return pair;
    }),
  );
  const names = ["fc1", "fc2", "predictions"];
  return {
    convs,
    dense: dense.map(([inputs, outputs], i) => ({
      name: names[i] as string,
      w: random(inputs * outputs, inputs),
      b: new Float32Array(outputs),
      shape: [inputs, outputs],
    })),
  };
}

/** Uniform numbers of variance 2 / fan-in, from a fixed seed (xorshift32). */
function noise(seed: number): (length: number, fanIn: number) => Float32Array {
  let state = seed;
  return (length, fanIn) => {
    const scale = Math.sqrt(6 / fanIn) / 2 ** 31;
    const out = new Float32Array(length);
    for (let i = 0; i < length; i++) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      out[i] = state * scale;
    }
    return out;
  };
}

/** A picture to run on, `[n,3,size,size]`: a slow ripple around zero. */
export function image(n: number, size: number): Float32Array {
  return Float32Array.from({ length: n * 3 * size * size }, (_, i) => Math.sin(i * 0.37) * 60);
}

/** The network as an ONNX graph with its weights inside; input `[batch,3,224,224]`, output after the softmax. */
export function vgg16Graph({ convs, dense: layers }: Vgg16Weights): Graph {
  const g = new GraphWriter();
  let x = g.input("input", "float32", [1, 3, 224, 224]);
  const weight = (name: string, data: Float32Array, shape: readonly number[]) => g.weight(name, toWeight(data, shape));
  let done = 0;
  for (const [i, widths] of blocks.entries()) {
    for (const _ of widths) {
      const { name, w, b, shape } = convs[done++] as WeightPair;
      const y = g.emit("Conv", [x, weight(`${name}.weight`, w, shape), weight(`${name}.bias`, b, [b.length])], { pads: [1, 1, 1, 1] }, `${name}_preactivation`);
      x = g.emit("Relu", [y], {}, name);
    }
    x = g.emit("MaxPool", [x], { kernel_shape: [2, 2], strides: [2, 2] }, `block${i + 1}_pool`);
  }
  x = g.emit("Flatten", [x], { axis: 1 }, "flatten");
  for (const [i, { name, w, b, shape }] of layers.entries()) {
    const y = g.emit("Gemm", [x, weight(`${name}.weight`, w, shape), weight(`${name}.bias`, b, [b.length])], {}, `${name}_preactivation`);
    x = i < 2 ? g.emit("Relu", [y], {}, name) : g.emit("Softmax", [y], { axis: -1 }, name);
  }
  const graph = g.finish([x]);
  return { ...graph, inputs: graph.inputs.map((input) => ({ ...input, shape: ["batch", 3, 224, 224] })) };
}

function toWeight(data: Float32Array, shape: readonly number[]): Weight {
  return { dtype: "float32", shape, data: new Uint8Array(data.buffer) };
}

/** Writes the graph as one .onnx file with its weights inside. */
export function writeOnnx(path: string, graph: Graph): void {
  writeAll(path, [encodeOnnx(graph)]);
}

/** Writes all weights back to back, as pytorch.py reads them. */
export function writeFlat(path: string, weights: Vgg16Weights): void {
  writeAll(
    path,
    [...weights.convs, ...weights.dense].flatMap(({ w, b }) => [new Uint8Array(w.buffer), new Uint8Array(b.buffer)]),
  );
}

function writeAll(path: string, parts: readonly Uint8Array[]): void {
  const file = openSync(path, "w");
  for (const part of parts) for (let done = 0; done < part.length; ) done += writeSync(file, part, done, Math.min(part.length - done, 2 ** 30));
  closeSync(file);
}

/** Bytes of all weights. */
export function weightBytes(graph: Graph): number {
  return [...graph.initializers.values()].reduce((sum, { data }) => sum + (isRegion(data) ? data.length : data.byteLength), 0);
}
