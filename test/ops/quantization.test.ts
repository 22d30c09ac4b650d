import { describe, expect, it } from "vitest";
import { gradient } from "../../src/autodiff/gradient.ts";
import { dataTypes } from "../../src/graph/proto/onnx.ts";
import { GraphWriter } from "../../src/ops/writer.ts";
import { float32, type Tensor, toNumbers } from "../../src/tensor/tensor.ts";
import { testFamily } from "./family.ts";
import { fixed, given } from "./inputs.ts";
import { runGraph } from "./op-case.ts";

const bytes = given([2, 3], [0, 1, 127, 128, 200, 255], "uint8");
const signed = given([2, 3], [0, 1, 127, -128, -1, 5], "int8");
const scale = fixed(given([], [0.1], "float32"));
const scales = fixed(given([3], [0.1, 0.2, 0.3], "float32"));

testFamily("quantization", {
  DequantizeLinear: [
    { name: "uint8 with a zero point", inputs: [bytes, scale, fixed(given([], [128], "uint8"))] },
    { name: "int8, a scale for every channel", attrs: { axis: 1 }, inputs: [signed, scales] },
    { name: "int32 biases", inputs: [given([3], [1000, -7, 0], "int32"), scale] },
    { name: "to float16", inputs: [bytes, fixed(given([], [0.1], "float16"))] },
    { name: "blocks", attrs: { axis: 1, block_size: 3 }, inputs: [signed, fixed(given([2, 1], [0.1, 0.2], "float32"))] },
  ],
  QuantizeLinear: [
    { name: "without zero point", inputs: [fixed(given([2, 3], [0, 1, 2, 3, 4, 5], "float32")), scale] },
    { name: "to int8", inputs: [fixed(given([2, 3], [0, 1, 2, -3, -4, 5], "float32")), scale, fixed(given([], [3], "int8"))] },
    { name: "to int8 by its attribute", attrs: { output_dtype: dataTypes.int8 }, inputs: [fixed(given([2], [1, -2], "float32")), scale] },
  ],
  DynamicQuantizeLinear: [{ name: "floats", inputs: [given([2, 3], [0, 1, 2, -3, -4, 5], "float32")], outputs: 3 }],
});

/** Numbers within the range of the integers, at its ends and beyond: two rows of ten. */
const x = float32([2, 10], [-20, -13.01, -12.85, -3.3, 0, 4, 12.65, 12.75, 12.8, 30, 0.04, -0.05, 1, 2, 3, -1, -12.6, 12.6, 5, 6]);
const seed = float32(
  [2, 10],
  Array.from({ length: 20 }, (_, i) => i + 1),
);

type Emit = (g: GraphWriter, x: string) => string;

async function gradientOf(emit: Emit): Promise<number[]> {
  const g = new GraphWriter();
  const { graph, gradients } = gradient(g.finish([emit(g, g.input("x", "float32", [2, 10]))]), { of: g.nodes.at(-1)?.outputs[0] as string, wrt: ["x"] });
  return toNumbers((await runGraph(graph, { x, seed }))[gradients[0] as string] as Tensor);
}

function quantized(dtype: "uint8" | "int8", scales: readonly number[], zeros: readonly number[], axis = 1): Emit {
  return (g, x) => {
    const shape = scales.length > 1 ? [scales.length] : [];
    const around = [g.constant("float32", shape, scales), g.constant(dtype, shape, zeros)];
    return g.emit("DequantizeLinear", [g.emit("QuantizeLinear", [x, ...around], { axis }), ...around], { axis });
  };
}

// The expected numbers are those of torch.fake_quantize_per_tensor_affine and …_per_channel_affine (PyTorch 2.13).
describe("a gradient passes straight through the rounding, not beyond the range", () => {
  const second = [11, 12, 13, 14, 15, 16, 17, 18, 19, 20];
  it.each<[string, Emit, number[]]>([
    ["uint8", quantized("uint8", [0.1], [128]), [0, 0, 3, 4, 5, 6, 7, 0, 0, 0, ...second]],
    ["int8", quantized("int8", [0.1], [0]), [0, 0, 3, 4, 5, 6, 7, 0, 0, 0, ...second]],
    ["a scale a row", quantized("uint8", [0.1, 0.02], [128, 10], 0), [0, 0, 3, 4, 5, 6, 7, 0, 0, 0, 11, 12, 13, 14, 15, 0, 0, 0, 0, 0]],
  ])("%s", async (_, emit, expected) => {
    expect(await gradientOf(emit)).toEqual(expected);
  });

  it("everywhere, where the range follows the numbers", async () => {
    const dynamic: Emit = (g, x) => g.emit("DequantizeLinear", g.emitMany("DynamicQuantizeLinear", [x], 3));
    expect(await gradientOf(dynamic)).toEqual(toNumbers(seed));
  });

  it("and says so where an operator works on the integers", async () => {
    const flat: Emit = (g, x) => {
      const scale = g.scalar(0.1);
      return g.emit("DequantizeLinear", [g.reshape(g.emit("QuantizeLinear", [x, scale]), [20]), scale]);
    };
    await expect(gradientOf(flat)).rejects.toMatchObject({ code: "NO_GRADIENT", details: { op: "Reshape" } });
  });
});
