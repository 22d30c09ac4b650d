// VGG16 as Keras 2 saved whole models: configuration and weights in one HDF5 file.

import { type Group, File as H5File, ready } from "h5wasm/node";
import { blocks, type Vgg16Weights, type WeightPair } from "./vgg16.ts";

/** Writes the network as a whole-model .h5; kernels in Keras's order, [rows, columns, in, out]. */
export async function writeKerasH5(path: string, { convs, dense }: Vgg16Weights): Promise<void> {
  await ready;
  const layers = kerasLayers();
  // The oldest layout, as Keras has it.
  const file = new H5File(path, "w", { libver: ["earliest", "latest"] });
  file.create_attribute("keras_version", "2.15.0");
  file.create_attribute("backend", "tensorflow");
  file.create_attribute("model_config", JSON.stringify({ class_name: "Sequential", config: { name: "vgg16", layers } }));
  const root = file.create_group("model_weights");
  const names = layers.map((layer) => layer.config.name as string);
  root.create_attribute("layer_names", names, [names.length], "S24");
  root.create_attribute("backend", "tensorflow");
  root.create_attribute("keras_version", "2.15.0");
  const pairs = new Map([...convs, ...dense].map((pair) => [pair.name, pair]));
  for (const name of names) writeLayer(root.create_group(name), name, pairs.get(name));
  file.close();
}

function writeLayer(group: Group, name: string, pair: WeightPair | undefined): void {
  if (!pair) {
    group.create_attribute("weight_names", new Float64Array(0), [0], "<d");
    return;
  }
  group.create_attribute("weight_names", [`${name}/kernel:0`, `${name}/bias:0`], [2], "S40");
  const inner = group.create_group(name);
  const { w, b, shape } = pair;
  const kernel = shape.length === 4 ? { data: toHwio(w, shape), shape: [3, 3, shape[1] as number, shape[0] as number] } : { data: w, shape: [...shape] };
  inner.create_dataset({ name: "kernel:0", dtype: "<f", ...kernel });
  inner.create_dataset({ name: "bias:0", data: b, shape: [b.length], dtype: "<f" });
}

function toHwio(w: Float32Array, [o, i]: readonly number[]): Float32Array {
  const [outputs, inputs] = [o as number, i as number];
  const out = new Float32Array(w.length);
  for (let m = 0; m < outputs; m++)
    for (let c = 0; c < inputs; c++) for (let k = 0; k < 9; k++) out[(k * inputs + c) * outputs + m] = w[(m * inputs + c) * 9 + k] as number;
  return out;
}

interface KerasLayer {
  class_name: string;
  config: Record<string, unknown>;
}

function kerasLayers(): KerasLayer[] {
  const conv = (name: string, filters: number, first: boolean): KerasLayer => ({
    class_name: "Conv2D",
    config: {
      name,
      trainable: true,
      dtype: "float32",
      ...(first ? { batch_input_shape: [null, 224, 224, 3] } : {}),
      filters,
      kernel_size: [3, 3],
      strides: [1, 1],
      padding: "same",
      data_format: "channels_last",
      dilation_rate: [1, 1],
      groups: 1,
      activation: "relu",
      use_bias: true,
    },
  });
  const features = blocks.flatMap((widths, i) => [
    ...widths.map((filters, k) => conv(`block${i + 1}_conv${k + 1}`, filters, i === 0 && k === 0)),
    {
      class_name: "MaxPooling2D",
      config: {
        name: `block${i + 1}_pool`,
        trainable: true,
        dtype: "float32",
        pool_size: [2, 2],
        padding: "valid",
        strides: [2, 2],
        data_format: "channels_last",
      },
    },
  ]);
  const dense = (name: string, units: number, activation: string): KerasLayer => ({
    class_name: "Dense",
    config: { name, trainable: true, dtype: "float32", units, activation, use_bias: true },
  });
  const flatten = { class_name: "Flatten", config: { name: "flatten", trainable: true, dtype: "float32", data_format: "channels_last" } };
  return [...features, flatten, dense("fc1", 4096, "relu"), dense("fc2", 4096, "relu"), dense("predictions", 1000, "softmax")];
}
