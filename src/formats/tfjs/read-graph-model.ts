// TensorFlow.js graph models: what the converter makes of SavedModels, TF Hub modules and frozen graphs.

import { fail } from "../../errors.ts";
import type { Weight } from "../../graph/types.ts";
import type { SourceFolder } from "../../source.ts";
import { isObject, type JsonObject } from "../json.ts";
import type { LoadedModel, ModelInput } from "../loaded-model.ts";
import { readShape, shapeAttr, textAttr, typeAttr } from "../tensorflow/attributes.ts";
import { buildTfGraph } from "../tensorflow/build.ts";
import { readConstant } from "../tensorflow/constants.ts";
import { type GraphNode, type OutputRef, readGraphDef, readOutputRef } from "../tensorflow/graph-def.ts";
import { neededNodes } from "../tensorflow/order.ts";
import { findTfOp } from "../tensorflow/table.ts";
import { outputName, type TfGraph } from "../tensorflow/tf-graph.ts";
import type { ModelJson } from "./model-json.ts";
import { readWeights } from "./read-weights.ts";

/** @throws {BAD_MODEL} @throws {UNSUPPORTED_OPERATOR} @throws {MISSING_FILE} @throws {UNSAFE_PATH} */
export async function readGraphModel(json: ModelJson, folder: SourceFolder, name: string): Promise<LoadedModel> {
  const nodes = readGraphDef(json.topology);
  const outputs = readOutputs(nodes, json.signature);
  const needed = neededNodes(
    nodes,
    outputs.map(({ node }) => node),
  );
  for (const node of needed) if (node.op !== "Placeholder" && node.op !== "Const") findTfOp(node);
  const placeholders = needed.filter((node) => node.op === "Placeholder");
  const graph: TfGraph = {
    nodes,
    inputs: new Map(placeholders.map((node) => [node.name, typeAttr(node, "dtype", "float32")])),
    outputs,
    channelsFirst: needed.some((node) => textAttr(node, "data_format", "NHWC") === "NCHW"),
    constants: await readConstants(needed, await readWeights(json.manifest, folder)),
    names: userNames(needed),
  };
  return {
    format: "tfjs-graph",
    producer: json.producer,
    name,
    inputs: placeholders.map((node) => readInput(node, json.signature, graph)),
    outputs: outputs.map((output) => outputName(graph, output)),
    preprocessing: undefined,
    labels: undefined,
    build: (shapes, until) => buildTfGraph(graph, shapes, until),
  };
}

/** The outputs that the signature names, else all nodes that no other reads. */
function readOutputs(nodes: ReadonlyMap<string, GraphNode>, signature: JsonObject | undefined): OutputRef[] {
  const named = isObject(signature?.outputs) ? Object.entries(signature.outputs) : [];
  const refs = named.map(([key, output]) => readOutputRef(isObject(output) && typeof output.name === "string" ? output.name : key));
  const read = new Set([...nodes.values()].flatMap((node) => node.inputs.map((input) => input.node)));
  const ends = [...nodes.values()].filter((node) => !read.has(node.name) && node.op !== "NoOp" && node.op !== "Const" && node.op !== "Placeholder");
  const outputs = refs.length > 0 ? refs : ends.map((node) => ({ node: node.name, output: 0 }));
  const unknown = outputs.find(({ node }) => !nodes.has(node));
  if (unknown) fail("BAD_MODEL", `The graph has no node "${unknown.node}", which its signature names as an output.`);
  return outputs.length > 0 ? outputs : fail("BAD_MODEL", "The graph computes nothing.");
}

function readInput(node: GraphNode, signature: JsonObject | undefined, graph: TfGraph): ModelInput {
  const shape = shapeAttr(node, "shape") ?? signatureShape(node, signature);
  if (!shape) return fail("UNSUPPORTED_OPERATOR", `Input "${node.name}" of the graph does not say how many axes it has.`, { details: { input: node.name } });
  const layout = graph.channelsFirst ? "NCHW" : "NHWC";
  return { name: node.name, dtype: graph.inputs.get(node.name) ?? "float32", shape, layout: shape.length === 4 ? layout : undefined };
}

function signatureShape(node: GraphNode, signature: JsonObject | undefined): (number | null)[] | undefined {
  const inputs = isObject(signature?.inputs) ? Object.values(signature.inputs) : [];
  const input = inputs.find((entry) => isObject(entry) && typeof entry.name === "string" && readOutputRef(entry.name).node === node.name);
  return isObject(input) && isObject(input.tensorShape) && input.tensorShape.unknownRank !== true ? readShape(input.tensorShape) : undefined;
}

async function readConstants(nodes: readonly GraphNode[], weights: ReadonlyMap<string, Weight>): Promise<ReadonlyMap<string, Weight>> {
  const constants = new Map<string, Weight>();
  for (const { name, op } of nodes) {
    if (op !== "Const") continue;
    const weight = weights.get(name) ?? fail("BAD_MODEL", `The constant "${name}" of the graph is not among the weights.`, { details: { node: name } });
    constants.set(name, await readConstant(weight));
  }
  return constants;
}

/** Nodes' names without the function call that SavedModels wrap around a model. */
function userNames(nodes: readonly GraphNode[]): ReadonlyMap<string, string> {
  const taken = new Set(nodes.map(({ name }) => name));
  const names = new Map<string, string>();
  for (const { name } of nodes) {
    const short = name.replace(/^(StatefulPartitionedCall(_\d+)?\/)+/, "");
    names.set(name, short !== name && taken.has(short) ? name : short);
    taken.add(short);
  }
  return names;
}
