// Every operation that Pellucid knows between layers: Keras 3's operations and tf.keras's TFOpLambda, under one name each.

import { type KerasLayer, lookUp } from "../ir.ts";
import type { LayerDef } from "../layers/define.ts";
import { arithmeticOperators } from "./arithmetic.ts";
import { convolutionOperators } from "./convolution.ts";
import type { Operators } from "./define.ts";
import { diagonalOperators } from "./diagonal.ts";
import { elementwiseOperators } from "./elementwise.ts";
import { fourierOperators } from "./fourier.ts";
import { imageOperators } from "./image.ts";
import { indexingOperators } from "./indexing.ts";
import { joiningOperators } from "./joining.ts";
import { lossOperators } from "./losses.ts";
import { normalizationOperators } from "./normalization.ts";
import { productOperators } from "./products.ts";
import { rankingOperators } from "./ranking.ts";
import { reductionOperators } from "./reduction.ts";
import { shapingOperators } from "./shaping.ts";
import { warpingOperators } from "./warping.ts";

/** All operations by name. */
export const operators: Operators = {
  ...elementwiseOperators,
  ...arithmeticOperators,
  ...reductionOperators,
  ...rankingOperators,
  ...productOperators,
  ...normalizationOperators,
  ...lossOperators,
  ...shapingOperators,
  ...joiningOperators,
  ...indexingOperators,
  ...diagonalOperators,
  ...convolutionOperators,
  ...imageOperators,
  ...warpingOperators,
  ...fourierOperators,
};

/** TensorFlow's and Keras's other names. */
const ALIASES: Readonly<Record<string, string>> = {
  bias_add: "add",
  floor_div: "floor_divide",
  gather: "take",
  reduce_euclidean_norm: "norm",
  abs: "absolute",
  acos: "arccos",
  acosh: "arccosh",
  add_v2: "add",
  all_close: "allclose",
  amax: "max",
  amin: "min",
  asin: "arcsin",
  asinh: "arcsinh",
  atan: "arctan",
  atan2: "arctan2",
  atanh: "arctanh",
  batch_normalization: "batch_norm",
  bitwise_invert: "bitwise_not",
  clip_by_value: "clip",
  concat: "concatenate",
  concat_v2: "concatenate",
  conj: "conjugate",
  copy: "identity",
  div: "divide",
  empty_like: "zeros_like",
  fabs: "absolute",
  floordiv: "floor_divide",
  floormod: "mod",
  getitem: "get_item",
  hard_swish: "hard_silu",
  hsvto_rgb: "hsv_to_rgb",
  is_finite: "isfinite",
  is_in: "isin",
  is_inf: "isinf",
  is_nan: "isnan",
  layer_normalization: "layer_norm",
  left_shift: "bitwise_left_shift",
  mul: "multiply",
  neg: "negative",
  pow: "power",
  radd: "add",
  rdiv: "divide",
  real_div: "divide",
  reduce_all: "all",
  reduce_any: "any",
  reduce_logsumexp: "logsumexp",
  reduce_max: "max",
  reduce_mean: "mean",
  reduce_min: "min",
  reduce_prod: "prod",
  reduce_std: "std",
  reduce_sum: "sum",
  reduce_variance: "var",
  reverse: "flip",
  rgbto_grayscale: "rgb_to_grayscale",
  rgbto_hsv: "rgb_to_hsv",
  right_shift: "bitwise_right_shift",
  rint: "round",
  rmsnorm: "rms_norm",
  scatter_nd: "scatter",
  search_sorted: "searchsorted",
  sub: "subtract",
  swish: "silu",
  tensor_scatter_nd_update: "scatter_update",
  true_divide: "divide",
  truediv: "divide",
  unsorted_segment_max: "segment_max",
  unsorted_segment_min: "segment_min",
  unsorted_segment_prod: "segment_prod",
  unsorted_segment_sum: "segment_sum",
};

/** Functions of TensorFlow whose last word means something else in Keras; an empty name is known by nobody. */
const FUNCTIONS: Readonly<Record<string, string>> = {
  "image.rot90": "turn_pictures",
  "image.transpose": "transpose_pictures",
  "image.extract_patches": "",
  "linalg.diag": "matrix_diag",
  meshgrid: "",
  "linalg.normalize": "",
  "linalg.trace": "matrix_trace",
  "nn.max_pool": "",
  "signal.fft": "",
  "signal.irfft": "",
  "signal.rfft": "",
  "signal.stft": "",
  "strings.split": "",
};

/** The entry of an operation, or undefined if it is not known. */
export function findOperator(layer: KerasLayer): LayerDef | undefined {
  const name = operatorName(layer);
  const emit = lookUp(operators, name);
  return emit && { kind: layer.kind, emit };
}

/** `TrueDivide` → `divide`, `math.reduce_mean` → `mean`. */
export function operatorName({ kind, config }: Pick<KerasLayer, "kind" | "config">): string {
  const whole = typeof config.function === "string" ? lookUp(FUNCTIONS, config.function) : undefined;
  if (whole !== undefined) return whole;
  const name = typeof config.function === "string" ? config.function.slice(config.function.lastIndexOf(".") + 1) : snake(kind);
  return lookUp(ALIASES, name) ?? name;
}

function snake(kind: string): string {
  return kind.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
