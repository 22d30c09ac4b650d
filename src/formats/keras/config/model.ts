// A model's configuration, of any generation of Keras, as layers and calls.

import { fail } from "../../../errors.ts";
import { isList, isObject, type Json, type JsonObject, type KerasLayer, type KerasModel } from "../ir.ts";
import { checkSupported } from "../supported.ts";
import { readCalls, readEnds } from "./calls.ts";
import { type Dialect, readDialect, unwrap } from "./dialect.ts";
import { resolveNodes } from "./nodes.ts";
import { renameClass, renameConfig } from "./rename.ts";
import { chain, chainOfBranches } from "./sequential.ts";
import { tensorFlowOp, withConstants } from "./tf-op-layer.ts";
import { layerOfCell, readWrapped } from "./wrapped.ts";

export interface ModelConfig {
  readonly model: KerasModel;
  readonly dialect: Dialect;
}

/**
 * A model from its configuration (`{"class_name", "config"}`).
 *
 * @param version `keras_version`, where the file has one
 * @throws {BAD_MODEL} @throws {UNSUPPORTED_LAYER} for a model that is a class of its own, or a layer that is not known
 */
export function readModelConfig(config: Json, version: string | undefined): ModelConfig {
  const plain = unwrap(config);
  const dialect = readDialect(plain, version);
  if (!isObject(plain) || typeof plain.class_name !== "string") return fail("BAD_MODEL", "The model's configuration names no class.");
  const model = readModel(plain.class_name, plain.config ?? null, undefined, dialect) ?? failSubclassed(plain.class_name);
  // Before weights are looked for: a class that is not known has none that could be counted.
  checkSupported(model);
  return { model, dialect };
}

/** A layer of a model or of a wrapper. @param index its place, to name nested models of old files that carry no name */
export function readLayer(json: Json, dialect: Dialect, names: ReadonlySet<string>, index: number): KerasLayer {
  if (!isObject(json) || typeof json.class_name !== "string") return fail("BAD_MODEL", `Layer ${index} of the model has no class.`, { details: { index } });
  const className = json.class_name;
  const config = json.config ?? null;
  const name = nameOf(json) ?? `${className.toLowerCase()}_${index}`;
  const calls = readCalls(json.inbound_nodes, names, name);
  const model = readModel(className, config, name, dialect);
  const operator = isOperator(json, dialect);
  if (model) return { name, kind: model.kind, className, operator: false, config: {}, trainable: model.trainable, calls, model };
  if (!isObject(config)) return fail("BAD_MODEL", `Layer "${name}" (${className}) has no configuration.`, { details: { layer: name } });
  if (operator) return readOperator({ name, className, config, calls });
  const cell = className === "RNN" ? layerOfCell(config) : undefined;
  const kind = cell?.kind ?? renameClass(className, config);
  const wrapped = readWrapped(kind, cell?.config ?? config, dialect, (inner) => readLayer(inner, dialect, names, index));
  return {
    name,
    kind,
    className,
    operator: false,
    config: renameConfig(kind, className, cell?.config ?? config, dialect),
    trainable: config.trainable !== false,
    calls,
    ...(wrapped.length ? { wrapped } : {}),
  };
}

/** An operation between layers. */
function readOperator({ name, className, config, calls }: Pick<KerasLayer, "name" | "className" | "config" | "calls">): KerasLayer {
  const layer = { name, kind: className, className, operator: true, config, trainable: true, calls };
  if (className !== "TensorFlowOpLayer") return layer;
  return { ...layer, kind: tensorFlowOp(config), calls: calls.map((call) => withConstants(call, config.constants)) };
}

/** A layer's name: what other layers call it, which TensorFlowOpLayers know by another. @throws {BAD_MODEL} if it cannot be one */
export function nameOf(json: JsonObject): string | undefined {
  const name = json.name ?? (isObject(json.config) ? json.config.name : undefined);
  if (name === undefined || name === null) return undefined;
  if (typeof name === "string" && name !== "") return name;
  return fail("BAD_MODEL", `A layer's name is ${JSON.stringify(name)}.`);
}

/** A Sequential or functional model; undefined for anything else. Subclasses of them count if they only list layers. */
function readModel(className: string, config: Json, name: string | undefined, dialect: Dialect): KerasModel | undefined {
  if (className === "Sequential") return readSequential(config, name, dialect);
  if (!isObject(config) || !isList(config.layers) || config.input_layers === undefined || config.output_layers === undefined) return undefined;
  return readFunctional(config, config.layers, name, dialect);
}

/** A Sequential: a list of layers (Keras 1 to 2.2.2) or `{"name", "layers"}`. */
function readSequential(config: Json, name: string | undefined, dialect: Dialect): KerasModel {
  const options = isObject(config) ? config : {};
  const list = isList(config) ? config : options.layers;
  if (!isList(list) || list.length === 0) return fail("BAD_MODEL", "A Sequential model has no layers.", { details: { model: name } });
  const layers = list.map((json, i) => readLayer(json, dialect, new Set(), i));
  const [first] = layers as [KerasLayer, ...KerasLayer[]];
  if (first.className !== "Merge") return chain(layers, options, name);
  const branches = isList(first.config.layers) ? first.config.layers : [];
  return chainOfBranches(
    branches.map((json, i) => readLayer(json, dialect, new Set(), i)),
    layers,
    options,
    name,
  );
}

function readFunctional(config: JsonObject, list: readonly Json[], name: string | undefined, dialect: Dialect): KerasModel {
  const names = new Set(list.map((json) => (isObject(json) ? nameOf(json) : undefined)).filter((n) => n !== undefined));
  const layers = list.map((json, i) => readLayer(json, dialect, names, i));
  const model = {
    name: typeof config.name === "string" ? config.name : (name ?? "model"),
    kind: "Functional" as const,
    trainable: config.trainable !== false,
    layers,
    inputs: readEnds(config.input_layers, "inputs"),
    outputs: readEnds(config.output_layers, "outputs"),
  };
  return resolveNodes(model, dialect);
}

/** Layers that do not write down what all others do. */
const BARE_LAYERS = ["Discretization", "HashedCrossing", "Pipeline", "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"];

/** Whether a node of the graph is an operation and no layer. Keras 3 in `.h5` loses its module: only layers have a policy as their dtype. */
function isOperator({ module, class_name: className, config, inbound_nodes: nodes }: JsonObject, dialect: Dialect): boolean {
  if (className === "TFOpLambda" || className === "SlicingOpLambda" || className === "TensorFlowOpLayer") return true;
  if (typeof module === "string") return /^keras\.(src\.)?ops\b/.test(module);
  if (dialect.major < 3 || nodes === undefined || className === "InputLayer" || !isObject(config) || "trainable" in config) return false;
  return !isObject(config.dtype) && !BARE_LAYERS.includes(String(className));
}

function failSubclassed(className: string): never {
  return fail("UNSUPPORTED_LAYER", `The model is of the class "${className}", whose layers and calls are in its Python code and not in the file.`, {
    hint: "Build it as a Sequential or functional model and save that, or export it to ONNX.",
    details: { class: className },
  });
}
