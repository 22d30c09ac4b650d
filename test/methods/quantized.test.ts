// A model that is quantized as ONNX Runtime's own tool does it (QDQ format), beside the same model in floats.

import { expect, test } from "vitest";
import { encodeOnnx } from "../../src/graph/encode.ts";
import { float32, gradCam, type Model, openModel, predict, type Tensor } from "../../src/index.ts";
import { toWeight } from "../../src/ops/weights.ts";
import { GraphWriter } from "../../src/ops/writer.ts";
import { gaussian, seeded } from "../ops/inputs.ts";

function normal(shape: readonly number[], scale: number, seed: number): Tensor<"float32"> {
  const random = seeded(seed);
  return float32(
    shape,
    Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => scale * gaussian(random)),
  );
}

/** Two convolutions and a dense layer, with outputs `logits` and `probs`; `quantized` rounds every activation to 8 bits. */
async function network(quantized: boolean): Promise<Model> {
  const g = new GraphWriter();
  const round = (x: string, range: number) => {
    if (!quantized) return x;
    const around = [g.scalar(range / 127), g.constant("int8", [], [0])];
    return g.emit("DequantizeLinear", [g.emit("QuantizeLinear", [x, ...around]), ...around]);
  };
  const conv = (x: string, channels: readonly [number, number], name: string, range: number) => {
    const w = g.weight(`${name}.weight`, toWeight(normal([channels[1], channels[0], 3, 3], Math.sqrt(2 / (9 * channels[0])), channels[1])));
    return round(g.emit("Relu", [g.emit("Conv", [x, w], { pads: [1, 1, 1, 1] }, name)]), range);
  };
  const x = round(g.input("input", "float32", [1, 3, 20, 20]), 4);
  const features = conv(conv(x, [3, 12], "conv1", 5), [12, 16], "conv2", 6);
  const pooled = g.emit("Flatten", [round(g.emit("GlobalAveragePool", [features]), 2)]);
  const w = g.weight("classes", toWeight(normal([16, 5], 1, 7)));
  const logits = round(g.emit("Gemm", [pooled, w], {}, "scores"), 5);
  const outputs = [g.emit("Identity", [logits], {}, "logits"), round(g.emit("Softmax", [logits], {}, "softmax"), 1)];
  return openModel(encodeOnnx(g.finish(outputs)), { preprocess: "raw" });
}

function correlation(a: Float32Array, b: Float32Array): number {
  const centred = (x: Float32Array) => x.map((value) => value - x.reduce((sum, v) => sum + v, 0) / x.length);
  const dot = (x: Float32Array, y: Float32Array) => x.reduce((sum, value, i) => sum + value * (y[i] as number), 0);
  const [x, y] = [centred(a), centred(b)];
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y));
}

test("probabilities are found behind the rounding, and the heatmap is the model's in floats but for it", async () => {
  const [whole, rounded] = [await network(false), await network(true)];
  const input = normal([1, 3, 20, 20], 1, 3);
  const [expected, found] = [(await predict(whole, input))[0], (await predict(rounded, input))[0]];
  expect(found?.map(({ index }) => index)).toEqual(expected?.map(({ index }) => index));
  expect(found?.reduce((sum, { score }) => sum + score, 0)).toBeCloseTo(1, 1);
  for (const score of ["output", "logit"] as const) {
    const maps = [whole, rounded].map(
      async (model) => (await gradCam(model, input, { target: 2, layer: "conv2", score, relu: false }))[0]?.map.data as Float32Array,
    );
    const [map, other] = (await Promise.all(maps)) as [Float32Array, Float32Array];
    expect(correlation(map, other)).toBeGreaterThan(0.99);
    expect(other).not.toEqual(map);
  }
});
