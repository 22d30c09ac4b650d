// Layer names from the names that exporters give to nodes and weights.

import type { Node } from "../../graph/types.ts";

/** Where a node stands in the module tree that its exporter knew. */
export interface Scope {
  /** The module: `layer1.0.conv1`, `block1_conv1`; "" at the top. */
  readonly path: string;
  /** The operator's own name in it: `Relu_1`. */
  readonly own: string;
  /** What joins both. */
  readonly separator: "." | "/";
}

/** The scope that a node's name or metadata tell, if they do. `prefix` is what all slash-separated names begin with. */
export function scopeOf(node: Node, metadata: ReadonlyMap<string, string> | undefined, prefix: string): Scope | undefined {
  const scopes = metadata?.get("pkg.torch.onnx.name_scopes");
  if (scopes) return dynamoScope(scopes, node.op);
  if (node.name.startsWith("/")) return torchScope(node.name);
  return node.name.includes("/") ? slashScope(node.name, prefix) : undefined;
}

/** torch.onnx.export(dynamo=True): `['', 'layer1', 'layer1.0', 'layer1.0.relu', 'relu_1']`. */
function dynamoScope(text: string, op: string): Scope {
  const names = [...text.matchAll(/'([^']*)'|"([^"]*)"/g)].map((match) => match[1] ?? match[2] ?? "");
  return { path: names.at(-2) ?? "", own: op, separator: "." };
}

/** torch.onnx.export(dynamo=False): `/layer1/layer1.0/conv1/Conv`. Children of a Sequential repeat its name. */
function torchScope(name: string): Scope {
  const parts = name.split("/").slice(1);
  const own = parts.pop() ?? "";
  let path = "";
  let parent = "";
  for (const part of parts) {
    path = parent !== "" && part.startsWith(`${parent}.`) ? path + part.slice(parent.length) : path === "" ? part : `${path}.${part}`;
    parent = part;
  }
  return { path, own, separator: "." };
}

/** TensorFlow's operators as they end the names of nodes. */
const tensorFlowOps =
  /^(Conv[123]D|Conv2DBackpropInput|convolution|conv_transpose|separable_conv2d|DepthwiseConv2dNative|depthwise|BiasAdd|Bias[Aa]dd|MatMul|Tensordot|Relu6?|LeakyRelu|Elu|Selu|Sigmoid|Tanh|Softplus|Softsign|Softmax|Swish|swish|FusedBatchNormV?\d?|batchnorm|MaxPool|AvgPool|Mean|Max|Sum|add|Add|AddV2|sub|Sub|mul|Mul|truediv|RealDiv|concat|ConcatV2|Maximum|Minimum|clip_by_value|ResizeNearestNeighbor|ResizeBilinear|resize)(_\d+)?$/;

/** tf2onnx and others: `model/block1_conv1/Conv2D`, `…/Relu__12`. */
function slashScope(name: string, prefix: string): Scope {
  const parts = withoutPrefix(name.replace(/(__\d+|:\d+)+$/, ""), prefix).split("/");
  const own = parts.length > 1 && tensorFlowOps.test(parts.at(-1) as string) ? (parts.pop() as string) : "";
  return { path: parts.join("/"), own, separator: "/" };
}

/** The folders that all names with slashes begin with, and those that TensorFlow puts around every model. */
export function commonPrefix(names: readonly string[]): string {
  const paths = names.filter((name) => name.includes("/") && !name.startsWith("/")).map((name) => name.split("/").slice(0, -1));
  const first = paths[0];
  if (!first || paths.length < 2) return "";
  let depth = first.length;
  for (const path of paths) while (!first.slice(0, depth).every((part, i) => part === path[i])) depth--;
  const common = first.slice(0, depth);
  // A model of one block would lose the block's name.
  return common.length === first.length && paths.every((path) => path.length === depth) ? "" : common.map((part) => `${part}/`).join("");
}

function withoutPrefix(name: string, prefix: string): string {
  return (name.startsWith(prefix) ? name.slice(prefix.length) : name).replace(/^(StatefulPartitionedCall\/)?((model|functional|sequential)(_\d+)*\/)?/, "");
}

/** Paths of modules that hold other modules, the model itself included. */
export function containersOf(scopes: Iterable<Scope>): Set<string> {
  const containers = new Set([""]);
  for (const { path } of scopes) for (const { index } of path.matchAll(/[./]/g)) containers.add(path.slice(0, index));
  return containers;
}

const weightEndings =
  /(\.(weight|bias|weight_quantized)|_(weight|bias|w_\d+|b_\d+|W|b)|\/(kernel|bias|weights|biases|depthwise_kernel|gamma)(:0)?|\/(Conv2D|MatMul|convolution|depthwise|BiasAdd)\/ReadVariableOp(:0)?)$/;

/** The layer that a weight's name tells: `features.10.weight` → `features.10`. */
export function layerOfWeight(name: string, prefix: string): string | undefined {
  const match = name.match(weightEndings);
  if (!match || /^\w+::/.test(name)) return undefined;
  const layer = withoutPrefix(name.slice(0, match.index), prefix);
  return layer === "" || /^\d+$/.test(layer) ? undefined : layer;
}
