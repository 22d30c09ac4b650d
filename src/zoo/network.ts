// Builds a network layer by layer, as Keras's functional API does: names, options and sizes of feature maps.

import type { Argument, JsonObject, KerasLayer, KerasModel, TensorRef } from "../formats/keras/ir.ts";
import { outputOf } from "../formats/keras/ir.ts";
import { snakeCase } from "../formats/keras/vars-weights.ts";
import { inKerasOrder } from "./architecture.ts";

type Extent = number | null;

/** Feature maps: the layer that makes them, and how large they are. Sizes are `null` where the input's is open. */
export interface Feature {
  readonly from: TensorRef;
  readonly height: Extent;
  readonly width: Extent;
  readonly channels: number;
}

/** How a window moves over feature maps. Default: in steps of 1, within them. */
export interface WindowOptions {
  readonly stride?: number;
  readonly padding?: "same" | "valid";
  /** Default: Keras's own, `conv2d_3`. */
  readonly name?: string;
}

export interface ConvolutionOptions extends WindowOptions {
  /** Default: true. */
  readonly bias?: boolean;
  /** Default: none. */
  readonly activation?: string;
  /** Default: 1. */
  readonly groups?: number;
}

type Kernel = number | readonly [number, number];
type Sides = readonly [readonly [number, number], readonly [number, number]];

export class Network {
  readonly input: Feature;
  readonly #layers: KerasLayer[] = [];
  readonly #counts = new Map<string, number>();

  /** @param size height and width of the input of three channels */
  constructor(size: readonly [Extent, Extent]) {
    const layer = describe("InputLayer", this.#autoName("InputLayer"), { batch_shape: [null, ...size, 3] });
    this.#layers.push(layer);
    this.input = { from: outputOf(layer), height: size[0], width: size[1], channels: 3 };
  }

  /** Any layer. @param like the size of its output; that of its first input if left out */
  layer(kind: string, inputs: readonly Feature[], config: JsonObject = {}, name?: string, like: Partial<Feature> = {}): Feature {
    const layer = describe(kind, name ?? this.#autoName(kind), config);
    const tensors = inputs.map(({ from }) => tensor(from));
    return this.#add({ ...layer, calls: [{ args: tensors.length > 1 ? [{ kind: "list", items: tensors }] : tensors, kwargs: {} }] }, inputs[0], like);
  }

  /** An operation between feature maps and numbers: `a + 3`. */
  operation(kind: string, a: Feature, b: Feature | number): Feature {
    const layer = { ...describe(kind, this.#autoName(kind), {}), operator: true };
    const second: Argument = typeof b === "number" ? { kind: "value", value: b } : tensor(b.from);
    return this.#add({ ...layer, calls: [{ args: [tensor(a.from), second], kwargs: {} }] }, a, {});
  }

  /** A model of one input as a layer. */
  nested(model: KerasModel, x: Feature, like: Partial<Feature>): Feature {
    const layer = { ...describe(model.kind, model.name, {}), model };
    return this.#add({ ...layer, calls: [{ args: [tensor(x.from)], kwargs: {} }] }, x, like);
  }

  conv(x: Feature, filters: number, kernel: Kernel, options: ConvolutionOptions = {}): Feature {
    const config = { filters, ...windowConfig("kernel_size", kernel, options), ...convolutionConfig(options) };
    return this.layer("Conv2D", [x], config, options.name, { ...moved(x, kernel, options), channels: filters });
  }

  depthwise(x: Feature, kernel: Kernel, options: ConvolutionOptions = {}): Feature {
    const config = { ...windowConfig("kernel_size", kernel, options), ...convolutionConfig(options) };
    return this.layer("DepthwiseConv2D", [x], config, options.name, moved(x, kernel, options));
  }

  separable(x: Feature, filters: number, kernel: Kernel, options: ConvolutionOptions = {}): Feature {
    const config = { filters, ...windowConfig("kernel_size", kernel, options), ...convolutionConfig(options) };
    return this.layer("SeparableConv2D", [x], config, options.name, { ...moved(x, kernel, options), channels: filters });
  }

  /** Max or average pooling. */
  pool(kind: "Max" | "Average", x: Feature, size: number, options: WindowOptions): Feature {
    const { strides = [1, 1], ...config } = windowConfig("pool_size", size, options);
    return this.layer(`${kind}Pooling2D`, [x], { ...config, ...(options.stride === size ? {} : { strides }) }, options.name, moved(x, size, options));
  }

  /** The mean of every feature map. @param keepdims as 1×1 feature maps */
  globalPool(x: Feature, name?: string, keepdims = false): Feature {
    const size = keepdims ? 1 : null;
    return this.layer("GlobalAveragePooling2D", [x], keepdims ? { keepdims } : {}, name, { height: size, width: size });
  }

  /** Batch normalization. */
  norm(x: Feature, name?: string, config: { epsilon?: number; scale?: boolean } = {}): Feature {
    return this.layer("BatchNormalization", [x], config, name);
  }

  activation(x: Feature, activation: string, name?: string): Feature {
    return this.layer("Activation", [x], activation === "linear" ? {} : { activation }, name);
  }

  /** ReLU as a layer of its own. @param limit its largest value */
  relu(x: Feature, limit?: number, name?: string): Feature {
    return this.layer("ReLU", [x], limit === undefined ? {} : { max_value: limit }, name);
  }

  dense(x: Feature, units: number, name?: string, activation?: string): Feature {
    return this.layer("Dense", [x], { units, ...(activation ? { activation } : {}) }, name, { channels: units });
  }

  add(inputs: readonly Feature[], name?: string): Feature {
    return this.layer("Add", inputs, {}, name);
  }

  concat(inputs: readonly Feature[], name?: string): Feature {
    return this.layer("Concatenate", inputs, {}, name, { channels: inputs.reduce((sum, { channels }) => sum + channels, 0) });
  }

  /** Zeros around: `[[top, bottom], [left, right]]`. */
  /** @param zeros how many on every side, or before and behind each axis */
  pad(x: Feature, zeros: number | Sides, name?: string): Feature {
    const padding: Sides =
      typeof zeros === "number"
        ? [
            [zeros, zeros],
            [zeros, zeros],
          ]
        : zeros;
    return this.layer("ZeroPadding2D", [x], { padding }, name, {
      height: x.height && x.height + padding[0][0] + padding[0][1],
      width: x.width && x.width + padding[1][0] + padding[1][1],
    });
  }

  /** The zeros that a kernel needs at stride 2: one less in front where the size is even, or open. */
  padForStride(x: Feature, kernel: number, name?: string): Feature {
    const half = Math.floor(kernel / 2);
    const before = (extent: Extent) => half - (extent === null ? 1 : 1 - (extent % 2));
    return this.pad(
      x,
      [
        [before(x.height), half],
        [before(x.width), half],
      ],
      name,
    );
  }

  /** What Keras ends most networks in: mean feature maps and one dense layer. */
  classify(x: Feature, classes: number, poolName?: string): Feature {
    return this.dense(this.globalPool(x, poolName), classes, "predictions", "softmax");
  }

  finish(name: string, output: Feature): KerasModel {
    const layers = inKerasOrder(this.#layers);
    return { name, kind: "Functional", trainable: true, layers, inputs: [this.input.from], outputs: [output.from] };
  }

  #add(layer: KerasLayer, x: Feature = this.input, like: Partial<Feature> = {}): Feature {
    this.#layers.push(layer);
    return { ...x, ...like, from: outputOf(layer) };
  }

  /** Keras's names for layers that are given none: `conv2d`, `conv2d_1` … */
  #autoName(kind: string): string {
    const name = snakeCase(kind);
    const count = this.#counts.get(name) ?? 0;
    this.#counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  }
}

/** A layer that nothing calls yet. */
export function describe(kind: string, name: string, config: JsonObject): KerasLayer {
  return { name, kind, className: kind, operator: false, config, trainable: true, calls: [] };
}

function tensor(from: TensorRef): Argument {
  return { kind: "tensor", tensor: from };
}

function pair(value: Kernel): readonly [number, number] {
  return typeof value === "number" ? [value, value] : value;
}

function windowConfig(key: string, kernel: Kernel, { stride = 1, padding = "valid" }: WindowOptions): JsonObject {
  return { [key]: pair(kernel), ...(stride === 1 ? {} : { strides: [stride, stride] }), ...(padding === "valid" ? {} : { padding }) };
}

function convolutionConfig({ bias = true, activation, groups = 1 }: ConvolutionOptions): JsonObject {
  return { ...(bias ? {} : { use_bias: false }), ...(activation ? { activation } : {}), ...(groups === 1 ? {} : { groups }) };
}

/** The size behind a moving window. */
function moved({ height, width }: Feature, kernel: Kernel, { stride = 1, padding = "valid" }: WindowOptions): Pick<Feature, "height" | "width"> {
  const after = (extent: Extent, k: number) => extent && (padding === "same" ? Math.ceil(extent / stride) : Math.floor((extent - k) / stride) + 1);
  const [rows, columns] = pair(kernel);
  return { height: after(height, rows), width: after(width, columns) };
}
