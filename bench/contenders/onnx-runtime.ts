// ONNX Runtime's plain forward pass, with its own defaults: what any explanation costs at least.

import ort from "onnxruntime-node";
import { image } from "../vgg16.ts";
import { serve } from "./serve.ts";

const session = await ort.InferenceSession.create(process.argv[2] as string, { logSeverityLevel: 3 });
const input = new ort.Tensor("float32", image(1, 224), [1, 3, 224, 224]);
await serve(`onnxruntime-node ${ort.env.versions.common}`, async () => {
  const results = await session.run({ input });
  return (results.predictions as ort.Tensor).data as Float32Array;
});
