// pellucid/graph: the level below. ONNX graphs as plain objects, their gradients, sessions to run them.
//
//   const { graph } = (await openModel("net.onnx")).at();
//   const { graph: backward, seed } = gradient(graph, { of: "logits", wrt: ["input"] });
//   const file = encodeOnnx(await readWeights(backward));

export {
  type Backpropagation,
  backpropagate,
  differentiate,
  type Gradient,
  type GradientOptions,
  gradient,
  type RuleTable,
} from "./autodiff/gradient.ts";
export { deconvnet } from "./autodiff/rules/deconvnet.ts";
export { guided } from "./autodiff/rules/guided.ts";
export { redirectedRelu } from "./autodiff/rules/redirected-relu.ts";
export { decodeOnnx, type OnnxFile } from "./graph/decode.ts";
export { type EncodeOptions, encodeOnnx } from "./graph/encode.ts";
export { subgraph } from "./graph/subgraph.ts";
export { type Attribute, type Dim, type Graph, isRegion, type Node, OPSET, type Region, type ValueInfo, type Weight } from "./graph/types.ts";
export { type Known, upgrade } from "./graph/upgrade.ts";
export { widenHalves } from "./graph/widen.ts";
export { cpuFeatures, type Features, type GradientRule, type Info, type Rule, webgpuFeatures } from "./ops/define.ts";
export { type Concrete, concretize } from "./ops/infer.ts";
export { families } from "./ops/table.ts";
export { GraphWriter } from "./ops/writer.ts";
export { createSession, type Feeds, type RunOptions, type Session, type SessionOptions } from "./runtime/session.ts";
export { readWeights } from "./runtime/weights.ts";
export { bytesSource, type Source, type SourceFolder } from "./source.ts";
