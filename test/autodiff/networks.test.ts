// Networks with branches and shape arithmetic, as both of PyTorch's exporters write them, against PyTorch's autograd.

import { describe, expect, it } from "vitest";
import { differentiate } from "../../src/autodiff/gradient.ts";
import { readOnnx } from "../../src/formats/onnx.ts";
import { cpuFeatures, webgpuFeatures } from "../../src/ops/define.ts";
import { concretize } from "../../src/ops/infer.ts";
import { emptyFolder } from "../../src/platform/folders.ts";
import { createSession } from "../../src/runtime/session.ts";
import { bytesSource } from "../../src/source.ts";
import { float32, type Tensor } from "../../src/tensor/tensor.ts";
import { largestDifference, referenceBytes, referenceJson } from "../reference-files.ts";

interface Expected {
  readonly x: number[];
  readonly y: number[];
  readonly seed: number[];
  readonly dx: number[];
  readonly shapes: { readonly x: number[]; readonly y: number[] };
}

describe.each(["branches", "shuffle", "skips", "attention"])("%s", (name) => {
  const expected = referenceJson<Expected>(`networks/${name}.json`);
  it.each(["script", "export"])("has PyTorch's output and gradient (%s)", async (exporter) => {
    const file = `${name}.${exporter}.onnx`;
    const source = bytesSource(referenceBytes(`networks/${file}`), file);
    const model = await readOnnx({ name: file, source, folder: emptyFolder });
    const shapes = { x: expected.shapes.x };
    const concrete = concretize(model.build(shapes).graph, shapes);
    for (const features of [cpuFeatures, webgpuFeatures]) {
      const { graph, seed, gradients } = differentiate(concrete, { of: "y", wrt: ["x"], keep: ["y"], features });
      const session = await createSession(graph, { threads: 1 });
      const results = await session.run({ x: float32(expected.shapes.x, expected.x), [seed]: float32(expected.shapes.y, expected.seed) });
      await session.dispose();
      expect(largestDifference((results.y as Tensor<"float32">).data, expected.y)).toBeLessThan(2e-5);
      expect(largestDifference((results[gradients[0] as string] as Tensor<"float32">).data, expected.dx)).toBeLessThan(2e-5);
    }
  });
});
