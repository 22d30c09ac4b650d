// Configurations of all generations, read into the same layers and calls.

import { describe, expect, it } from "vitest";
import { readModelConfig } from "../../../src/formats/keras/config/model.ts";
import type { Json, JsonObject, KerasLayer } from "../../../src/formats/keras/ir.ts";
import { readConfig } from "../../../src/formats/keras/layers/config.ts";

/** A layer of a Sequential with an input of its own. */
function layerOf(className: string, config: JsonObject, version?: string): KerasLayer {
  const input = { class_name: "InputLayer", config: { name: "x", batch_input_shape: [null, 8, 8, 3] } };
  const { model } = readModelConfig({ class_name: "Sequential", config: [input, { class_name: className, config: { name: "l", ...config } }] }, version);
  return model.layers[1] as KerasLayer;
}

/** A functional model of `layers` (name, class, calls) after an input `x`. */
function functional(layers: readonly JsonObject[], outputs: Json, version = "2.4.0") {
  const input = { name: "x", class_name: "InputLayer", config: { name: "x", batch_input_shape: [null, 4] }, inbound_nodes: [] };
  return readModelConfig(
    { class_name: "Functional", config: { name: "m", layers: [input, ...layers], input_layers: [["x", 0, 0]], output_layers: outputs } },
    version,
  ).model;
}

describe("names of Keras 1", () => {
  it.each<[string, JsonObject, string, JsonObject]>([
    [
      "Convolution2D",
      { nb_filter: 4, nb_row: 3, nb_col: 2, subsample: [1, 2], border_mode: "same", dim_ordering: "th", bias: false },
      "Conv2D",
      { filters: 4, kernel_size: [3, 2], strides: [1, 2], padding: "same", data_format: "channels_first", use_bias: false },
    ],
    ["Convolution3D", { nb_filter: 4, kernel_dim1: 1, kernel_dim2: 2, kernel_dim3: 3 }, "Conv3D", { filters: 4, kernel_size: [1, 2, 3] }],
    ["AtrousConvolution1D", { nb_filter: 2, filter_length: 3, atrous_rate: 2 }, "Conv1D", { filters: 2, kernel_size: 3, dilation_rate: 2 }],
    ["Dense", { output_dim: 7 }, "Dense", { units: 7 }],
    ["TimeDistributedDense", { output_dim: 7 }, "Dense", { units: 7 }],
    ["Embedding", { output_dim: 7 }, "Embedding", { output_dim: 7 }],
    ["Dropout", { p: 0.5 }, "Dropout", { rate: 0.5 }],
    ["MaxPooling1D", { pool_length: 2, stride: 1 }, "MaxPooling1D", { pool_size: 2, strides: 1 }],
    ["MaxPool2D", { pool_size: 2 }, "MaxPooling2D", { pool_size: 2 }],
    ["GlobalAvgPool1D", {}, "GlobalAveragePooling1D", {}],
    ["keras.layers>AvgPool3D", { pool_size: 2 }, "AveragePooling3D", { pool_size: 2 }],
    ["LSTMV2", { units: 3 }, "LSTM", { units: 3 }],
    ["Merge", { mode: "concat", concat_axis: 3 }, "Concatenate", { axis: 3 }],
    ["Merge", { mode: "cos", dot_axes: -1 }, "Dot", { axes: -1, cosine: true }],
    ["ZeroPadding1D", { padding: { left_pad: 1, right_pad: 2 } }, "ZeroPadding1D", { padding: [1, 2] }],
    ["TimeDistributedDense", { output_dim: 7 }, "Dense", { units: 7 }],
    ["LSTM", { output_dim: 3, inner_activation: "sigmoid" }, "LSTM", { units: 3, recurrent_activation: "sigmoid" }],
  ])("%s %j", (className, config, kind, renamed) => {
    const found =
      className === "Merge"
        ? functional(
            [
              {
                name: "l",
                class_name: className,
                config: { name: "l", ...config },
                inbound_nodes: [
                  [
                    ["x", 0, 0],
                    ["x", 0, 0],
                  ],
                ],
              },
            ],
            [["l", 0, 0]],
          ).layers[1]
        : layerOf(className, config);
    expect(found).toMatchObject({ kind, className, config: renamed });
  });
});

describe("activations", () => {
  it.each<[string | undefined, Json, Json]>([
    ["3.0.0", "hard_sigmoid", "hard_sigmoid"],
    ["2.15.0", "hard_sigmoid", "hard_sigmoid_2"],
    [undefined, "hard_sigmoid", "hard_sigmoid_2"],
    ["2.2.0", { class_name: "relu6", config: {} }, "relu6"],
    ["3.0.0", { module: "keras.activations", class_name: "function", config: "relu6" }, "relu6"],
    ["2.4.0", "Custom>swish", "swish"],
    ["2.4.0", { class_name: "LeakyReLU", config: { alpha: 0.1 } }, { class_name: "LeakyReLU", config: { negative_slope: 0.1 } }],
  ])("Keras %s: %j", (version, activation, read) => {
    expect(layerOf("Activation", { activation }, version).config.activation).toEqual(read);
  });
});

it("knows an operation of TensorFlow 2.1 by the name that other layers call it", () => {
  const node = { name: "transpose", op: "Transpose", input: ["x", "transpose/perm"], attr: {} };
  const operation = { class_name: "TensorFlowOpLayer", name: "tf_op_layer_transpose", config: { name: "transpose", node_def: node, constants: { 1: [1, 0] } } };
  const model = functional([{ ...operation, inbound_nodes: [[["x", 0, 0, {}]]] }], [["tf_op_layer_transpose", 0, 0]], "2.2.4-tf");
  expect(model.layers[1]).toMatchObject({ name: "tf_op_layer_transpose", kind: "Transpose" });
});

it("takes 1 and 0 for true and false, as Python does", () => {
  const flag = (scale: Json) => readConfig(layerOf("BatchNormalization", { scale })).flag("scale", true);
  expect([1, 0, true, false].map(flag)).toEqual([true, false, true, false]);
  expect(() => flag(2)).toThrow('"scale" is 2, but must be true or false');
});

it("takes values out of Keras's wrappings", () => {
  const config = {
    a: { class_name: "__tuple__", items: [1, 2] },
    b: { class_name: "__numpy__", config: { value: [0.5], dtype: "float32" } },
    c: { type: "ndarray", value: 3 },
  };
  expect(layerOf("Dense", config).config).toMatchObject({ a: [1, 2], b: [0.5], c: 3 });
});

it("takes layers for layers where the file does not say so: Keras 3's .h5", () => {
  const tensor = { class_name: "__keras_tensor__", config: { shape: [null, 4], dtype: "float32", keras_history: ["x", 0, 0] } };
  const config = { name: "p", layers: [{ class_name: "Rescaling", config: { name: "r", scale: 2 } }] };
  const pipeline = { name: "p", class_name: "Pipeline", config, inbound_nodes: [{ args: [tensor], kwargs: {} }] };
  const bins = { ...pipeline, class_name: "Discretization", config: { name: "p", bin_boundaries: [1], dtype: "float32" } };
  expect(functional([bins], [["p", 0, 0]], "3.15.0").layers[1]).toMatchObject({ kind: "Discretization", operator: false });
  expect(functional([pipeline], [["p", 0, 0]], "3.15.0").layers[1]).toMatchObject({ kind: "Pipeline", operator: false, wrapped: [{ kind: "Rescaling" }] });
});

it("knows Keras for several backends by its upsampling", () => {
  const bilinear = { interpolation: "bilinear" };
  expect(layerOf("UpSampling2D", bilinear, "2.2.4").config.interpolation).toBe("bilinear_corners");
  expect(layerOf("UpSampling2D", bilinear, "2.2.4-tf").config.interpolation).toBe("bilinear");
  expect(layerOf("UpSampling2D", bilinear, "2.4.0").config.interpolation).toBe("bilinear");
});

describe("inputs of Sequentials", () => {
  const dense = { class_name: "Dense", config: { name: "d", units: 2, batch_input_shape: [null, 5] } };
  const inputOf = (config: Json) => readModelConfig({ class_name: "Sequential", config }, "2.1.0").model.layers[0];

  it("are made from the first layer's shape", () => {
    expect(inputOf([dense])).toMatchObject({ name: "d_input", kind: "InputLayer", config: { batch_shape: [null, 5] } });
  });

  it("are made from a nested model's input", () => {
    expect(inputOf([{ class_name: "Sequential", config: [dense] }])).toMatchObject({ kind: "InputLayer", config: { batch_shape: [null, 5] } });
  });

  it("are made from the shape that the model was built with", () => {
    const open = { class_name: "Dense", config: { name: "d", units: 2 } };
    expect(inputOf({ name: "s", layers: [open], build_input_shape: [null, 7] })).toMatchObject({ config: { batch_shape: [null, 7] } });
    expect(inputOf([open])).toMatchObject({ config: { batch_shape: null } });
  });
});

describe("calls of nested models", () => {
  const nested = (calls: Json) => ({
    name: "n",
    class_name: "Sequential",
    config: { name: "n", layers: [{ class_name: "Activation", config: { name: "a", activation: "relu" } }] },
    inbound_nodes: calls,
  });
  const call2 = [[["x", 0, 0, {}]]];
  const tensor = { class_name: "__keras_tensor__", config: { shape: [null, 4], dtype: "float32", keras_history: ["x", 0, 0] } };
  const call3 = { args: [tensor], kwargs: { mask: null } };

  it("count from 1 up to Keras 2", () => {
    expect(
      functional(
        [nested([...call2, ...call2])],
        [
          ["n", 1, 0],
          ["n", 2, 0],
        ],
      ).outputs.map(({ node }) => node),
    ).toEqual([0, 1]);
  });

  it("are the only one, whatever the number", () => {
    expect(functional([nested(call2)], [["n", 0, 0]]).outputs[0]?.node).toBe(0);
    expect(functional([nested(call2)], [["n", 1, 0]]).outputs[0]?.node).toBe(0);
  });

  it("count from 0 for a Sequential in Keras 3", () => {
    expect(
      functional(
        [nested([call3, call3])],
        [
          ["n", 0, 0],
          ["n", 1, 0],
        ],
        "3.0.0",
      ).outputs.map(({ node }) => node),
    ).toEqual([0, 1]);
  });
});

describe("arguments", () => {
  const callOf = (nodes: Json, version?: string) =>
    functional([{ name: "l", class_name: "TFOpLambda", config: { name: "l", function: "math.add" }, inbound_nodes: nodes }], [["l", 0, 0]], version).layers[1]
      ?.calls[0];
  const x = { kind: "tensor", tensor: { layer: "x", node: 0, tensor: 0 } };

  it("are one tensor or a list in Keras 1 and 2", () => {
    expect(callOf([[["x", 0, 0]]])?.args).toEqual([x]);
    expect(
      callOf([
        [
          ["x", 0, 0, {}],
          ["x", 0, 0, {}],
        ],
      ])?.args,
    ).toEqual([{ kind: "list", items: [x, x] }]);
  });

  it("are tensors among the keywords only if they name a layer", () => {
    expect(callOf([["x", 0, 0, { y: ["x", 0, 0], axis: [1, 2], name: null }]])?.kwargs).toEqual({
      y: x,
      axis: { kind: "value", value: [1, 2] },
      name: { kind: "value", value: null },
    });
  });

  it("may be constants in the place of a tensor", () => {
    expect(callOf([["_CONSTANT_VALUE", -1, 1.5, { y: ["x", 0, 0] }]])).toEqual({ args: [{ kind: "value", value: 1.5 }], kwargs: { y: x } });
  });

  it("may be dicts", () => {
    expect(callOf([{ a: ["x", 0, 0, {}], b: ["x", 0, 0, {}] }])?.args).toEqual([{ kind: "dict", items: { a: x, b: x } }]);
  });
});

it("takes a subclass of a functional model for what it lists", () => {
  const layers = [{ name: "x", class_name: "InputLayer", config: { name: "x", batch_shape: [null, 4] }, inbound_nodes: [] }];
  const config = { class_name: "Detector", config: { name: "m", layers, input_layers: ["x", 0, 0], output_layers: ["x", 0, 0] } };
  expect(readModelConfig(config, "3.0.0").model).toMatchObject({ kind: "Functional", name: "m" });
});
