import { dataTypes } from "../../src/graph/proto/onnx.ts";
import { testFamily } from "./family.ts";
import { fixed, given } from "./inputs.ts";

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
