// The bytes of an ONNX file as a graph. Large weights are not read: they stay places in the file.

import { fail } from "../errors.ts";
import type { Source, SourceFolder } from "../source.ts";
import { failContradiction } from "./decode/contradiction.ts";
import { openExternal, tensorsOf } from "./decode/external.ts";
import { inlineFunctions } from "./decode/functions.ts";
import { decodeGraph, standard } from "./decode/graph.ts";
import { type GraphProto, type ModelProto as Model, ModelProto, type OperatorSetIdProto } from "./proto/onnx.ts";
import { readMessage } from "./proto/read.ts";
import type { Graph } from "./types.ts";

/** An ONNX file: its graph as it was saved, and what the file says about it. */
export interface OnnxFile {
  /** At the file's own opset; see `upgrade`. */
  readonly graph: Graph;
  /** `pytorch 2.13.0`. */
  readonly producer: string | undefined;
  /** The file's `metadata_props`. */
  readonly metadata: ReadonlyMap<string, string>;
  /** `metadata_props` of nodes, by the name of the node's first output. */
  readonly nodeMetadata: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/**
 * Reads an ONNX file. Of weights above 4 KB only the place is kept; a file of any size is opened by reading what is
 * not weights.
 *
 * @param folder the model's own folder, for weights in other files
 * @throws {BAD_MODEL} if the file is damaged, truncated or contradicts itself
 * @throws {UNSUPPORTED_OPERATOR} for sparse tensors, and inputs that are no tensors
 * @throws {MISSING_FILE} @throws {UNSAFE_PATH} for weights in other files
 */
export async function decodeOnnx(source: Source, folder: SourceFolder): Promise<OnnxFile> {
  const model = await readMessage(source, ModelProto);
  if (!model.graph || model.opsetImport.length === 0) {
    return failContradiction(`${source.name} is no ONNX model: it has no ${model.graph ? "operator set" : "graph"}.`, { file: source.name });
  }
  const proto: GraphProto = { ...model.graph, node: inlineFunctions(model.graph.node, model.functions) };
  const { opset, domains } = versionsOf(model.opsetImport);
  checkFunctionVersions(model, opset);
  const files = await openExternal(tensorsOf(proto), folder);
  return {
    graph: decodeGraph(proto, { files, opset, domains }),
    producer: `${model.producerName ?? ""} ${model.producerVersion ?? ""}`.trim() || undefined,
    metadata: entries(model.metadataProps),
    nodeMetadata: new Map(proto.node.filter((node) => node.metadataProps.length).map((node) => [node.output[0] ?? "", entries(node.metadataProps)])),
  };
}

function versionsOf(imports: readonly OperatorSetIdProto[]): { opset: number; domains: Record<string, number> } {
  const versions = new Map(imports.map(({ domain, version }) => [standard(domain), version ?? 1]));
  const opset = versions.get("") ?? 1;
  versions.delete("");
  return { opset, domains: Object.fromEntries(versions) };
}

/** Functions are inlined, so they must be written for the model's own operator set. */
function checkFunctionVersions({ functions }: Model, opset: number): void {
  for (const { name, opsetImport } of functions) {
    const { opset: own } = versionsOf(opsetImport);
    if (own !== opset && own !== 1) {
      fail("UNSUPPORTED_OPERATOR", `The model's function "${name}" is written for opset ${own}, the model for opset ${opset}.`, {
        hint: "Export the model without local functions, or with one opset.",
        details: { function: name, opset: own, modelOpset: opset },
      });
    }
  }
}

function entries(props: readonly { key?: string; value?: string }[]): Map<string, string> {
  return new Map(props.map(({ key, value }) => [key ?? "", value ?? ""]));
}
