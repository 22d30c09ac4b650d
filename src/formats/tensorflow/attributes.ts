// Attributes of GraphDef nodes. Two spellings occur: Protobuf's JSON (base64 text, numbers as text, types by name) and that
// of old converters (text as lists of bytes, types by number).

import { fail } from "../../errors.ts";
import { type DType, isFloat } from "../../tensor/dtype.ts";
import { isList, isObject, type Json, type JsonObject } from "../json.ts";
import type { GraphNode } from "./graph-def.ts";

/** TensorFlow's types that models compute with, by name and number. */
const types: Readonly<Record<string, DType>> = {
  DT_FLOAT: "float32",
  1: "float32",
  DT_INT32: "int32",
  3: "int32",
  DT_UINT8: "uint8",
  4: "uint8",
  DT_INT64: "int64",
  9: "int64",
  DT_BOOL: "bool",
  10: "bool",
  DT_HALF: "float16",
  19: "float16",
  DT_DOUBLE: "float64",
  2: "float64",
  DT_BFLOAT16: "bfloat16",
  14: "bfloat16",
  DT_INT8: "int8",
  6: "int8",
  DT_INT16: "int16",
  5: "int16",
  DT_UINT16: "uint16",
  17: "uint16",
  DT_UINT32: "uint32",
  22: "uint32",
};

/** The type that the graph computes with instead: float32 for every float, int64 for every integer, which are sizes and positions. */
export function computedType(dtype: DType): "float32" | "int64" | "bool" {
  if (dtype === "bool") return "bool";
  return isFloat(dtype) ? "float32" : "int64";
}

export function intAttr(node: GraphNode, name: string, fallback: number): number {
  const value = field(node, name, "i");
  return value === undefined ? fallback : toNumber(value, node, name);
}

export function floatAttr(node: GraphNode, name: string, fallback: number): number {
  const value = field(node, name, "f");
  return value === undefined ? fallback : toNumber(value, node, name);
}

/** False if it is left out, as Protobuf does. */
export function boolAttr(node: GraphNode, name: string): boolean {
  return field(node, name, "b") === true;
}

export function textAttr(node: GraphNode, name: string, fallback: string): string {
  const value = field(node, name, "s");
  return value === undefined ? fallback : toText(value, node, name);
}

export function typeAttr(node: GraphNode, name: string, fallback: DType): DType {
  const value = field(node, name, "type");
  if (value === undefined) return fallback;
  return types[String(value)] ?? fail("UNSUPPORTED_OPERATOR", `Node "${node.name}" (${node.op}) computes with the type ${String(value)}.`);
}

export function intsAttr(node: GraphNode, name: string): number[] {
  return list(node, name, "i").map((value) => toNumber(value, node, name));
}

export function textsAttr(node: GraphNode, name: string): string[] {
  return list(node, name, "s").map((value) => toText(value, node, name));
}

/** A shape with null where a size is open; undefined if even the rank is. */
export function shapeAttr(node: GraphNode, name: string): (number | null)[] | undefined {
  const shape = field(node, name, "shape");
  return isObject(shape) && shape.unknownRank !== true ? readShape(shape) : undefined;
}

/** `{"dim": [{"size": "-1"}, …]}`. */
export function readShape(shape: JsonObject): (number | null)[] {
  const dims = isList(shape.dim) ? shape.dim : [];
  return dims.map((dim) => {
    const size = Number(isObject(dim) ? (dim.size ?? 0) : -1);
    return size >= 0 ? size : null;
  });
}

function field(node: GraphNode, name: string, kind: string): Json | undefined {
  const attribute = node.attrs[name];
  return isObject(attribute) ? attribute[kind] : undefined;
}

function list(node: GraphNode, name: string, kind: string): readonly Json[] {
  const values = field(node, name, "list");
  const items = isObject(values) ? values[kind] : undefined;
  return isList(items) ? items : [];
}

function toNumber(value: Json, node: GraphNode, name: string): number {
  const number = Number(value);
  return Number.isNaN(number) ? failAttribute(node, name) : number;
}

function toText(value: Json, node: GraphNode, name: string): string {
  if (isList(value)) return String.fromCharCode(...value.map(Number));
  if (typeof value !== "string") return failAttribute(node, name);
  try {
    return atob(value);
  } catch {
    return failAttribute(node, name);
  }
}

function failAttribute(node: GraphNode, name: string): never {
  return fail("BAD_MODEL", `Attribute "${name}" of node "${node.name}" (${node.op}) cannot be read.`, { details: { node: node.name, attribute: name } });
}
