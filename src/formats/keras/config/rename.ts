// Classes and options of Keras 1 and 2 under the names that Keras 3 gives them.

import { isList, isObject, type Json, type JsonObject, lookUp } from "../ir.ts";
import type { Dialect } from "./dialect.ts";

const CLASSES: Readonly<Record<string, string>> = {
  AtrousConvolution1D: "Conv1D",
  AtrousConvolution2D: "Conv2D",
  BatchNormalizationV1: "BatchNormalization",
  BatchNormalizationV2: "BatchNormalization",
  Convolution1D: "Conv1D",
  Convolution2D: "Conv2D",
  Convolution3D: "Conv3D",
  Convolution1DTranspose: "Conv1DTranspose",
  Convolution2DTranspose: "Conv2DTranspose",
  Convolution3DTranspose: "Conv3DTranspose",
  Deconvolution2D: "Conv2DTranspose",
  Deconvolution3D: "Conv3DTranspose",
  GRUV1: "GRU",
  GRUV2: "GRU",
  GroupedQueryAttention: "GroupQueryAttention",
  LSTMV1: "LSTM",
  LSTMV2: "LSTM",
  Model: "Functional",
  SeparableConvolution1D: "SeparableConv1D",
  SeparableConvolution2D: "SeparableConv2D",
  SyncBatchNormalization: "BatchNormalization",
  TimeDistributedDense: "Dense",
};

/** Classes of Keras 1's Merge by mode. */
const MERGES: Readonly<Record<string, string>> = {
  sum: "Add",
  mul: "Multiply",
  ave: "Average",
  max: "Maximum",
  concat: "Concatenate",
  dot: "Dot",
  cos: "Dot",
};

const KEYS: Readonly<Record<string, string>> = {
  atrous_rate: "dilation_rate",
  bias: "use_bias",
  border_mode: "padding",
  filter_length: "kernel_size",
  inner_activation: "recurrent_activation",
  length: "size",
  nb_filter: "filters",
  p: "rate",
  pool_length: "pool_size",
  sigma: "stddev",
  stride: "strides",
  subsample: "strides",
  subsample_length: "strides",
};

/** Options whose new name depends on the class. */
const KEYS_OF: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  InputLayer: { batch_input_shape: "batch_shape" },
  Dense: { output_dim: "units" },
  LSTM: { output_dim: "units" },
  GRU: { output_dim: "units" },
  SimpleRNN: { output_dim: "units" },
  LeakyReLU: { alpha: "negative_slope" },
};

/** Keras 3's name of a class. Packages (`Custom>FixedDropout`) are left out. */
export function renameClass(className: string, config: Json): string {
  const plain = className.slice(className.lastIndexOf(">") + 1);
  if (plain === "Merge" && isObject(config)) return lookUp(MERGES, String(config.mode)) ?? "Merge";
  return lookUp(CLASSES, plain) ?? plain.replace(/Avg(?=Pool)/, "Average").replace(/Pool(?=[123]D$)/, "Pooling");
}

/** A layer's options with Keras 3's names and meanings. @param kind Keras 3's name of the class */
export function renameConfig(kind: string, className: string, config: JsonObject, dialect: Dialect): JsonObject {
  const renamed: Record<string, Json | undefined> = {};
  const names = { ...KEYS, ...lookUp(KEYS_OF, kind) };
  for (const [key, value] of Object.entries(config)) renamed[lookUp(names, key) ?? key] ??= value;
  const { nb_row, nb_col, kernel_dim1, kernel_dim2, kernel_dim3, dim_ordering, concat_axis, dot_axes } = config;
  if (nb_row !== undefined && nb_col !== undefined) renamed.kernel_size = [nb_row, nb_col];
  if (kernel_dim1 !== undefined && kernel_dim2 !== undefined && kernel_dim3 !== undefined) renamed.kernel_size = [kernel_dim1, kernel_dim2, kernel_dim3];
  if (dim_ordering !== undefined) renamed.data_format = dim_ordering === "th" ? "channels_first" : "channels_last";
  if (isObject(renamed.padding)) renamed.padding = sides(renamed.padding, kind);
  if (className === "Merge") Object.assign(renamed, { axis: concat_axis, axes: dot_axes, cosine: config.mode === "cos" });
  for (const key of ["activation", "recurrent_activation"]) if (renamed[key] !== undefined) renamed[key] = renameActivation(renamed[key] as Json, dialect);
  // TensorFlow.js writes null where one size is to be found.
  if (kind === "Reshape" && isList(renamed.target_shape)) renamed.target_shape = renamed.target_shape.map((size) => size ?? -1);
  if (dialect.tfjs) Object.assign(renamed, asTfjs(kind, renamed));
  if (dialect.cornerUpsampling && renamed.interpolation === "bilinear" && kind === "UpSampling2D") renamed.interpolation = "bilinear_corners";
  return renamed;
}

/** What TensorFlow.js itself makes of options: it leaves dilation out of one layer, and centres windows with gaps over films. */
function asTfjs(kind: string, { padding }: { readonly [key: string]: Json | undefined }): JsonObject {
  if (kind === "DepthwiseConv2D") return { dilation_rate: 1 };
  return kind.endsWith("3D") && padding === "same" ? { padding: "same_centered" } : {};
}

/** Keras 1's padding by names of sides. */
function sides({ top_pad = 0, bottom_pad = 0, left_pad = 0, right_pad = 0 }: JsonObject, kind: string): Json {
  if (kind === "ZeroPadding1D") return [left_pad, right_pad];
  return [
    [top_pad, bottom_pad],
    [left_pad, right_pad],
  ];
}

/** An activation as a name, or as the layer that it is. `hard_sigmoid` was steeper before Keras 3. */
function renameActivation(activation: Json, dialect: Dialect): Json {
  if (isObject(activation)) {
    const { class_name: className, config } = activation;
    if (className === "function" || className === "str") return renameActivation(config ?? null, dialect);
    if (typeof className !== "string") return activation;
    // A function of the user's own, registered by name: Keras 2's `relu6`, `swish` of EfficientNet's package.
    if (!isObject(config) || Object.keys(config).length === 0) return renameActivation(className, dialect);
    return { class_name: className, config: renameConfig(className, className, config, dialect) };
  }
  if (typeof activation !== "string") return activation;
  const name = activation.slice(activation.lastIndexOf(">") + 1);
  return name === "hard_sigmoid" && dialect.major < 3 ? "hard_sigmoid_2" : name;
}
