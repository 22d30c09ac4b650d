// Weights and pictures that a formula makes; tools/reference/zoo_outputs.py has the same one.

import type { KerasLayer, KerasModel } from "../../src/formats/keras/ir.ts";
import { allLayers, weightSpecs } from "../../src/formats/keras/weight-slots.ts";
import type { LayerWeight } from "../../src/formats/keras/weights.ts";
import { float32, sizeOf, type Tensor } from "../../src/tensor/tensor.ts";

/** Numbers from -1 to 1 that depend on position and seed only. */
function noise(count: number, seed: number): Float64Array {
  const start = Math.imul(seed, 0x9e3779b9);
  return Float64Array.from({ length: count }, (_, i) => {
    let x = (i + start) | 0;
    x = Math.imul(x ^ (x >>> 16), 0x7feb352d);
    x = Math.imul(x ^ (x >>> 15), 0x846ca68b);
    return ((x ^ (x >>> 16)) >>> 0) / 2 ** 31 - 1;
  });
}

/** A picture of one value for each pixel and channel, 0 to 255. */
export function picture(size: number): Tensor<"float32"> {
  return float32(
    [1, size, size, 3],
    Float32Array.from(noise(size * size * 3, 77), (u) => 127.5 + 127.5 * u),
  );
}

/** Weights of these shapes, by layer. @param gain how much a convolution enlarges the variance */
export function generatedWeights(model: KerasModel, shapes: ReadonlyMap<string, readonly number[][]>, gain: number): Map<KerasLayer, LayerWeight[]> {
  let seed = 0;
  return new Map(
    allLayers(model).map((layer) => {
      const list = weightSpecs(layer).map(({ name }, i): LayerWeight => {
        const shape = shapes.get(layer.name)?.[i] as number[];
        return { weight: { dtype: "float32", shape, data: new Uint8Array(values(layer, name, shape, ++seed, gain).buffer) } };
      });
      return [layer, list];
    }),
  );
}

function values(layer: KerasLayer, name: string, shape: readonly number[], seed: number, gain: number): Float32Array {
  if (shape.length === 0) return new Float32Array([1]);
  const u = noise(sizeOf(shape), seed);
  if (shape.length > 1) {
    const depthwise = name === "depthwise_kernel" || layer.kind === "DepthwiseConv2D";
    const scale = Math.sqrt((3 * gain) / sizeOf(depthwise ? shape.slice(0, 2) : shape.slice(0, -1)));
    return Float32Array.from(u, (x) => x * scale);
  }
  if (name.includes("variance")) return Float32Array.from(u, (x) => 1 + 0.5 * x);
  return Float32Array.from(u, (x) => (name === "gamma" ? 1 + 0.2 * x : 0.1 * x));
}
