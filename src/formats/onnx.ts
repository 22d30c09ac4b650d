// ONNX models: any opset from 7 on, weights inside or beside the file.

import { assert, fail } from "../errors.ts";
import { decodeOnnx, type OnnxFile } from "../graph/decode.ts";
import { subgraph } from "../graph/subgraph.ts";
import { type Graph, OPSET, type ValueInfo } from "../graph/types.ts";
import { upgrade } from "../graph/upgrade.ts";
import { widenHalves } from "../graph/widen.ts";
import type { Info } from "../ops/define.ts";
import { type Concrete, concretize } from "../ops/infer.ts";
import type { Opened } from "../source.ts";
import { isFloat } from "../tensor/dtype.ts";
import type { BuiltModel, Layout, LoadedModel, ModelInput } from "./loaded-model.ts";
import { channelAxes } from "./onnx/channel-axis.ts";
import { flowOf } from "./onnx/flow.ts";
import { modelInput } from "./onnx/inputs.ts";
import { labelsOf } from "./onnx/labels.ts";
import { type GraphLayer, graphLayers } from "./onnx/layers.ts";
import { guessPreprocessing } from "./onnx/preprocessing.ts";

/**
 * Reads an ONNX model. Its layers are those that its exporter named: PyTorch's modules (`layer1.0.conv1`), Keras's
 * layers (`block1_conv1`), else nodes or tensors. Large weights stay in the file; float16 and bfloat16 models compute
 * in float32, for lack of kernels, and take and give float32.
 *
 * @throws {BAD_MODEL} if the file is damaged or contradicts itself
 * @throws {UNSUPPORTED_OPERATOR} for opsets below 7, sparse tensors, inputs that are no tensors
 * @throws {MISSING_FILE} @throws {UNSAFE_PATH} for weights in other files
 */
export async function readOnnx({ name, source, folder }: Opened): Promise<LoadedModel> {
  assert(source, "an ONNX model is a file");
  return onnxModel(await decodeOnnx(source, folder), name.replace(/\.onnx$/i, ""));
}

function onnxModel(file: OnnxFile, name: string): LoadedModel {
  const graph = widenHalves(file.graph);
  if (graph.inputs.length === 0 || graph.outputs.length === 0) failEmpty(graph);
  // What cannot be brought to Pellucid's opset is refused now, not when the model is first built.
  upgrade(graph);
  const flow = flowOf(graph);
  const inputs = graph.inputs.map((input) => modelInput(input, flow));
  const picture = inputs.find((input) => input.layout);
  const layers = graphLayers(graph, file.nodeMetadata);
  return {
    format: "onnx",
    producer: file.producer,
    name,
    inputs,
    outputs: graph.outputs.map((output) => output.name),
    preprocessing: picture && guessPreprocessing(picture, flow),
    labels: labelsOf(file.metadata),
    build: (shapes, until) => build(graph, inputs, layers, shapes, until),
  };
}

function failEmpty(graph: Graph): never {
  return fail("BAD_MODEL", `The model has no ${graph.inputs.length ? "output" : "input"}.`, { hint: "Export the model with its inputs and outputs." });
}

function build(
  graph: Graph,
  inputs: readonly ModelInput[],
  layers: readonly GraphLayer[],
  shapes: Readonly<Record<string, readonly number[]>>,
  until: string | undefined,
): BuiltModel {
  const outputs = until === undefined ? graph.outputs : [endOf(graph, layers, until)];
  const { graph: built, infos } = concretizeAt(
    { ...subgraph(graph, outputs), inputs: graph.inputs.map((input, i) => openSize(input, inputs[i]?.layout)) },
    shapes,
  );
  const axes = channelAxes(built, infos, new Map(inputs.map((input) => [input.name, input.layout === "NHWC" ? 3 : 1])));
  const present = layers.filter((layer) => isFeature(infos.get(layer.output)));
  const names = new Set(present.map((layer) => layer.name));
  return {
    graph: built,
    layers: present.map((layer) => ({ ...layer, inputs: layer.inputs.filter((input) => names.has(input)), channelAxis: axes.get(layer.output) })),
  };
}

/** An input whose pictures may have any size, whatever the file says: up to its dense layers a network takes them all. */
function openSize(input: ValueInfo, layout: Layout | undefined): ValueInfo {
  const channels = layout === "NHWC" ? 3 : 1;
  return layout ? { ...input, shape: input.shape.map((d, axis) => (axis === 0 || axis === channels ? d : null)) } : input;
}

/** The tensor of a layer, or a tensor by its own name. */
function endOf(graph: Graph, layers: readonly GraphLayer[], until: string): ValueInfo {
  const name = layers.find((layer) => layer.name === until)?.output ?? until;
  if (!graph.nodes.some((node) => node.outputs.includes(name))) failUnknown(until);
  return { name, dtype: "float32", shape: [] };
}

function failUnknown(layer: string): never {
  return fail("UNKNOWN_LAYER", `The model has no layer "${layer}".`, { hint: "Choose one of those that `pellucid summary` lists.", details: { layer } });
}

/** The graph at Pellucid's opset and these shapes. Where shapes are known, older operators have a simpler new form. */
function concretizeAt(graph: Graph, shapes: Readonly<Record<string, readonly number[]>>): Concrete {
  const concrete = concretize(upgrade(graph), shapes);
  if (graph.opset === OPSET) return concrete;
  const known = (tensor: string) => concrete.infos.get(tensor);
  return concretize(upgrade(graph, known), shapes);
}

function isFeature(info: Info | undefined): boolean {
  return info !== undefined && isFloat(info.dtype) && info.shape.length > 0;
}
