// ConvNeXt (Liu et al. 2022): a convolutional network built as transformers are. Normalization is a part of it.

import { chain } from "../../formats/keras/config/sequential.ts";
import type { JsonObject } from "../../formats/keras/ir.ts";
import type { Architecture } from "../architecture.ts";
import { describe, type Feature, Network } from "../network.ts";

const epsilon = 1e-6;
const MEAN = [0.485, 0.456, 0.406].map((mean) => mean * 255);
const VARIANCE = [0.229, 0.224, 0.225].map((deviation) => (deviation * 255) ** 2);

/** A convolution that shrinks feature maps to a `factor`th, and a normalization, as a Sequential. */
function shrink(net: Network, x: Feature, filters: number, stage: number, name: string): Feature {
  const factor = stage === 0 ? 4 : 2;
  const options: JsonObject = { filters, kernel_size: [factor, factor], strides: [factor, factor] };
  const [conv, norm] = stage === 0 ? ["stem_conv", "stem_layernorm"] : [`downsampling_conv_${stage - 1}`, `downsampling_layernorm_${stage - 1}`];
  const layers = [describe("Conv2D", `${name}_${conv}`, options), describe("LayerNormalization", `${name}_${norm}`, { epsilon })];
  const model = chain(stage === 0 ? layers : layers.reverse(), {}, stage === 0 ? `${name}_stem` : `${name}_downsampling_block_${stage - 1}`);
  const less = (extent: number | null) => extent && Math.floor(extent / factor);
  return net.nested(model, x, { height: less(x.height), width: less(x.width), channels: filters });
}

function block(net: Network, input: Feature, name: string): Feature {
  const { channels } = input;
  let x = net.conv(input, channels, 7, { padding: "same", groups: channels, name: `${name}_depthwise_conv` });
  x = net.layer("LayerNormalization", [x], { epsilon }, `${name}_layernorm`);
  x = net.activation(net.dense(x, 4 * channels, `${name}_pointwise_conv_1`), "gelu", `${name}_gelu`);
  x = net.layer("LayerScale", [net.dense(x, channels, `${name}_pointwise_conv_2`)], {}, `${name}_layer_scale`);
  return net.operation("Add", input, net.activation(x, "linear", `${name}_identity`));
}

function top(net: Network, input: Feature, classes: number, name: string): Feature {
  const x = net.layer("LayerNormalization", [net.globalPool(input, `${name}_head_gap`)], { epsilon }, `${name}_head_layernorm`);
  return net.dense(x, classes, `${name}_head_dense`, "softmax");
}

/** @param depth blocks of the third stage; the others have three @param width filters of the first stage, doubled by each */
function convnext(name: string, depth: number, width: number): Architecture {
  return ({ includeTop, classes, size }) => {
    const net = new Network(size);
    let x = net.layer("Normalization", [net.input], { axis: [-1], mean: MEAN, variance: VARIANCE }, `${name}_prestem_normalization`);
    for (const [stage, blocks] of [3, 3, depth, 3].entries()) {
      x = shrink(net, x, width * 2 ** stage, stage, name);
      for (let i = 0; i < blocks; i++) x = block(net, x, `${name}_stage_${stage}_block_${i}`);
    }
    return net.finish(name, includeTop ? top(net, x, classes, name) : net.layer("LayerNormalization", [x], { epsilon }));
  };
}

export const convnexttiny = convnext("convnext_tiny", 9, 96);
export const convnextsmall = convnext("convnext_small", 27, 96);
export const convnextbase = convnext("convnext_base", 27, 128);
export const convnextlarge = convnext("convnext_large", 27, 192);
export const convnextxlarge = convnext("convnext_xlarge", 27, 256);
