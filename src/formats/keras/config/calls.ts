// How layers are called: the `inbound_nodes` of all generations of Keras, and what a model takes and gives.

import { fail } from "../../../errors.ts";
import { type Argument, type Call, isList, isObject, type Json, type TensorRef, tensorsOf } from "../ir.ts";

/** Marks a plain value where a tensor usually stands (tf.keras: `1 - x`). */
const CONSTANT = "_CONSTANT_VALUE";

/** The calls of a layer. @param names the model's layers, to tell tensors from lists @throws {BAD_MODEL} */
export function readCalls(nodes: Json | undefined, names: ReadonlySet<string>, layer: string): Call[] {
  if (nodes === undefined || nodes === null) return [];
  if (!isList(nodes)) return fail("BAD_MODEL", `The calls ("inbound_nodes") of layer "${layer}" are no list.`, { details: { layer } });
  return nodes.map((node) => (isObject(node) && "args" in node ? readCall3(node) : readCall2(node, names)));
}

/** Keras 3: `{"args": […], "kwargs": {…}}` with `__keras_tensor__` objects. */
function readCall3({ args, kwargs }: { readonly [key: string]: Json | undefined }): Call {
  return { args: isList(args) ? args.map(readArgument3) : [], kwargs: isObject(kwargs) ? mapValues(kwargs, readArgument3) : {} };
}

function readArgument3(value: Json): Argument {
  if (isList(value)) return list(value, value.map(readArgument3));
  if (!isObject(value)) return { kind: "value", value };
  if (value.class_name === "__keras_tensor__" && isObject(value.config)) {
    return { kind: "tensor", tensor: readRef(value.config.keras_history) };
  }
  return dict(value, mapValues(value, readArgument3));
}

/** Keras 1 and 2: lists of `["layer", node, tensor, {keywords}]`; operators of tf.keras leave out the outer list. */
function readCall2(node: Json, names: ReadonlySet<string>): Call {
  const first = readArgument2(isList(node) && node.length === 1 && !isRef(node) ? (node[0] as Json) : node, names);
  return { args: [first], kwargs: mapValues(keywords(node), (value) => readKeyword(value, names)) };
}

function readArgument2(value: Json, names: ReadonlySet<string>): Argument {
  if (isList(value) && value[0] === CONSTANT) return { kind: "value", value: value[2] ?? null };
  if (isRef(value)) return { kind: "tensor", tensor: readRef(value) };
  if (isList(value))
    return list(
      value,
      value.map((item) => readArgument2(item, names)),
    );
  if (isObject(value))
    return dict(
      value,
      mapValues(value, (item) => readArgument2(item, names)),
    );
  return { kind: "value", value };
}

/** A keyword argument: a tensor only if it names a layer. */
function readKeyword(value: Json, names: ReadonlySet<string>): Argument {
  if (isRef(value) && value.length === 3 && names.has(value[0])) return { kind: "tensor", tensor: readRef(value) };
  if (isList(value))
    return list(
      value,
      value.map((item) => readKeyword(item, names)),
    );
  if (isObject(value))
    return dict(
      value,
      mapValues(value, (item) => readKeyword(item, names)),
    );
  return { kind: "value", value };
}

/** The keywords stand at the end of every tensor of the first argument; the first one will do. */
function keywords(node: Json): { readonly [key: string]: Json | undefined } {
  if (isRef(node) || (isList(node) && node[0] === CONSTANT)) return isObject(node[3]) ? node[3] : {};
  if (isList(node) && node.length > 0) return keywords(node[0] as Json);
  const first = isObject(node) ? Object.values(node)[0] : undefined;
  return first === undefined ? {} : keywords(first);
}

/** What a model takes or gives: one tensor, a list, or a dict of tensors. @throws {BAD_MODEL} */
export function readEnds(value: Json | undefined, what: string): TensorRef[] {
  const refs = value === undefined ? [] : tensorsOf(readArgument2(value, new Set()));
  return refs.length > 0 ? refs : fail("BAD_MODEL", `The model's configuration has no ${what}.`, { hint: "Save the model again with Keras." });
}

function isRef(value: Json): value is readonly [string, ...Json[]] {
  return isList(value) && typeof value[0] === "string" && value[0] !== CONSTANT && typeof value[1] === "number" && typeof value[2] === "number";
}

function readRef(value: Json | undefined): TensorRef {
  if (value !== undefined && isRef(value)) return { layer: value[0], node: value[1] as number, tensor: value[2] as number };
  return fail("BAD_MODEL", `A call refers to a tensor as ${JSON.stringify(value)?.slice(0, 80)}.`, { hint: "It must be a layer's name and two numbers." });
}

/** A list of arguments; a plain value where no tensor is in it. */
function list(value: Json, items: readonly Argument[]): Argument {
  return items.every((item) => item.kind === "value") ? { kind: "value", value } : { kind: "list", items };
}

function dict(value: Json, items: Readonly<Record<string, Argument>>): Argument {
  return Object.values(items).every((item) => item.kind === "value") ? { kind: "value", value } : { kind: "dict", items };
}

function mapValues(object: { readonly [key: string]: Json | undefined }, read: (value: Json) => Argument): Record<string, Argument> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, read(value ?? null)]));
}
