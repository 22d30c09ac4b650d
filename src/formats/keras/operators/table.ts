// Every operation that Pellucid knows between layers: Keras 3's operations and tf.keras's TFOpLambda, under one name each.

import { type KerasLayer, lookUp } from "../ir.ts";
import type { LayerDef } from "../layers/define.ts";
import type { Operators } from "./define.ts";
import { elementwiseOperators } from "./elementwise.ts";
import { imageOperators } from "./image.ts";
import { reductionOperators } from "./reduction.ts";
import { shapingOperators } from "./shaping.ts";

/** All operations by name. */
export const operators: Operators = { ...elementwiseOperators, ...imageOperators, ...reductionOperators, ...shapingOperators };

/** TensorFlow's and Keras's other names. */
const ALIASES: Readonly<Record<string, string>> = {
  abs: "absolute",
  acos: "arccos",
  add_v2: "add",
  amax: "max",
  amin: "min",
  asin: "arcsin",
  atan: "arctan",
  clip_by_value: "clip",
  concat_v2: "concatenate",
  concat: "concatenate",
  div: "divide",
  floordiv: "floor_divide",
  floormod: "mod",
  getitem: "get_item",
  hard_swish: "hard_silu",
  mul: "multiply",
  neg: "negative",
  pow: "power",
  radd: "add",
  rdiv: "divide",
  real_div: "divide",
  reduce_logsumexp: "logsumexp",
  reduce_max: "max",
  reduce_mean: "mean",
  reduce_min: "min",
  reduce_prod: "prod",
  reduce_std: "std",
  reduce_sum: "sum",
  reduce_variance: "var",
  rgbto_grayscale: "rgb_to_grayscale",
  sub: "subtract",
  swish: "silu",
  true_divide: "divide",
  truediv: "divide",
};

/** The entry of an operation, or undefined if it is not known. */
export function findOperator(layer: KerasLayer): LayerDef | undefined {
  const name = operatorName(layer);
  const emit = lookUp(operators, name);
  return emit && { kind: layer.kind, emit };
}

/** `TrueDivide` → `divide`, `math.reduce_mean` → `mean`. */
function operatorName({ kind, config }: KerasLayer): string {
  const name = typeof config.function === "string" ? config.function.slice(config.function.lastIndexOf(".") + 1) : snake(kind);
  return lookUp(ALIASES, name) ?? name;
}

function snake(kind: string): string {
  return kind.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
