// Models that the tests make for themselves: strange ones, ones of five hundred layers, one of several files.

import { encodeOnnx } from "../../src/graph/encode.ts";
import { type Attribute, type Dim, type Node, OPSET, type ValueInfo, type Weight } from "../../src/graph/types.ts";
import { gaussian, seeded } from "../ops/inputs.ts";
import type { DroppedFile } from "./open-studio.ts";

type Attrs = Readonly<Record<string, readonly number[] | number>>;

/** Collects the nodes and weights of a graph. */
function graphMaker() {
  const random = seeded(5);
  const nodes: Node[] = [];
  const initializers = new Map<string, Weight>();
  const floats = (shape: readonly number[], scale = 1) => Float32Array.from({ length: shape.reduce((n, d) => n * d, 1) }, () => scale * gaussian(random));
  return {
    /** A constant of small random numbers. */
    weight(name: string, shape: readonly number[], scale = 1): string {
      initializers.set(name, { dtype: "float32", shape, data: new Uint8Array(floats(shape, scale).buffer) });
      return name;
    },
    constant(name: string, numbers: readonly number[]): string {
      initializers.set(name, { dtype: "int64", shape: [numbers.length], data: new Uint8Array(BigInt64Array.from(numbers, BigInt).buffer) });
      return name;
    },
    emit(op: string, name: string, inputs: readonly string[], attrs: Attrs = {}): string {
      nodes.push({
        op,
        domain: "",
        name,
        inputs,
        outputs: [`${name}_out`],
        attrs: Object.fromEntries(Object.entries(attrs).map(([key, value]) => [key, attribute(value)])),
      });
      return `${name}_out`;
    },
    /** The `.onnx` file. */
    encode(inputs: readonly ValueInfo[], outputs: readonly ValueInfo[]): Uint8Array {
      return encodeOnnx({ name: "made", nodes, inputs, outputs, initializers, opset: OPSET, domains: {} });
    },
  };
}

function attribute(value: readonly number[] | number): Attribute {
  return typeof value === "number" ? { kind: "int", value } : { kind: "ints", value };
}

const info = (name: string, ...shape: readonly Dim[]): ValueInfo => ({ name, dtype: "float32", shape });
const same = { pads: [1, 1, 1, 1] };

type Maker = ReturnType<typeof graphMaker>;

/** A picture and a second tensor. */
export function twoInputs(): Uint8Array {
  const { weight, emit, encode } = graphMaker();
  const sum = emit("Add", "sum", [emit("Conv", "conv", ["a", weight("w", [4, 3, 3, 3])], same), "b"]);
  const y = emit("GlobalAveragePool", "pool", [sum]);
  return encode([info("a", 1, 3, 16, 16), info("b", 1, 4, 16, 16)], [info(y, 1, 4, 1, 1)]);
}

/** Eight numbers in, three out. */
export function vectorModel(): Uint8Array {
  const { weight, emit, encode } = graphMaker();
  const y = emit("MatMul", "dense", ["x", weight("w", [8, 3])]);
  return encode([info("x", 1, 8)], [info(y, 1, 3)]);
}

/** Boxes and scores of 256 places: no output is a list of classes. */
export function detector(): Uint8Array {
  const { weight, constant, emit, encode } = graphMaker();
  const maps = emit("Relu", "relu", [emit("Conv", "conv", ["x", weight("w", [9, 3, 4, 4], 0.1)], { strides: [4, 4] })]);
  const flat = emit("Reshape", "flat", [maps, constant("shape", [1, 9, 256])]);
  const part = (name: string, from: number, to: number) =>
    emit("Slice", name, [flat, constant(`${name}_from`, [from]), constant(`${name}_to`, [to]), constant(`${name}_axis`, [1])]);
  const [boxes, scores] = [part("boxes", 0, 4), part("scores", 4, 9)];
  return encode([info("x", 1, 3, 64, 64)], [info(boxes, 1, 4, 256), info(scores, 1, 5, 256)]);
}

/** 500 layers: 62 residual blocks of seven convolutions and an addition, and a head. */
export function residual500(): Uint8Array {
  const maker = graphMaker();
  let x = convRelu(maker, "/stem", "input", 3, 8);
  for (let b = 0; b < 62; b++) {
    const start = x;
    for (let i = 0; i < 7; i++) x = convRelu(maker, `/block${b}/${i}`, x, 8, 8);
    x = maker.emit("Add", `/block${b}/add`, [x, start]);
  }
  return withHead(maker, x, 8);
}

/** 500 layers as in DenseNet: 31 blocks in which every convolution sees all that came before it in its block. */
export function dense500(): Uint8Array {
  const maker = graphMaker();
  let x = convRelu(maker, "/stem", "input", 3, 4);
  for (let b = 0; b < 31; b++) {
    let all = x;
    for (let i = 0; i < 7; i++) {
      const fresh = convRelu(maker, `/block${b}/${i}`, all, 4 + 2 * i, 2);
      all = maker.emit("Concat", `/block${b}/concat${i}`, [all, fresh], { axis: 1 });
    }
    x = convRelu(maker, `/block${b}/squeeze`, all, 18, 4);
    x = maker.emit("MaxPool", `/block${b}/pool`, [x], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] });
  }
  return withHead(maker, x, 4);
}

function convRelu({ weight, emit }: Maker, name: string, x: string, from: number, to: number): string {
  return emit("Relu", `${name}/relu`, [emit("Conv", `${name}/conv`, [x, weight(`${name}.weight`, [to, from, 3, 3], (4.5 * from) ** -0.5)], same)]);
}

function withHead({ weight, emit, encode }: Maker, x: string, channels: number): Uint8Array {
  const flat = emit("Flatten", "/flatten", [emit("GlobalAveragePool", "/pool", [x])]);
  const y = emit("Softmax", "/softmax", [emit("MatMul", "/fc", [flat, weight("fc", [channels, 10])])]);
  return encode([info("input", "N", 3, 32, 32)], [info(y, "N", 10)]);
}

/** A TensorFlow.js model: `model.json`, and its weights in two files that are cut in the middle of a number. */
export function tfjsFiles(): DroppedFile[] {
  const random = seeded(6);
  const weights = [
    ["conv/kernel", [3, 3, 3, 6]],
    ["conv/bias", [6]],
    ["classes/kernel", [6, 4]],
    ["classes/bias", [4]],
  ] as const;
  const count = weights.reduce((sum, [, shape]) => sum + shape.reduce<number>((n, d) => n * d, 1), 0);
  const bytes = new Uint8Array(Float32Array.from({ length: count }, () => gaussian(random) / 3).buffer);
  const paths = ["group1-shard1of2.bin", "group1-shard2of2.bin"];
  const layer = (class_name: string, config: object) => ({ class_name, config });
  const model = {
    format: "layers-model",
    modelTopology: {
      keras_version: "2.15.0",
      model_config: layer("Sequential", {
        name: "made",
        layers: [
          layer("Conv2D", { name: "conv", batch_input_shape: [null, 24, 24, 3], filters: 6, kernel_size: [3, 3], padding: "same", activation: "relu" }),
          layer("GlobalAveragePooling2D", { name: "pool", data_format: "channels_last" }),
          layer("Dense", { name: "classes", units: 4, activation: "softmax" }),
        ],
      }),
    },
    weightsManifest: [{ paths, weights: weights.map(([name, shape]) => ({ name, shape, dtype: "float32" })) }],
  };
  return [
    { name: "model.json", bytes: new TextEncoder().encode(JSON.stringify(model)) },
    { name: paths[0] as string, bytes: bytes.subarray(0, 301) },
    { name: paths[1] as string, bytes: bytes.subarray(301) },
  ];
}
