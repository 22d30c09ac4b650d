// EfficientNet (Tan and Le 2019): one network, scaled in width, depth and picture size. Rescaling is a part of it.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";
import { divisible } from "./divisible.ts";

type Group = readonly [kernel: 3 | 5, repeats: number, filters: number, expansion: 1 | 6, stride: 1 | 2];

const GROUPS: readonly Group[] = [
  [3, 1, 16, 1, 1],
  [3, 2, 24, 6, 2],
  [5, 2, 40, 6, 2],
  [3, 3, 80, 6, 2],
  [5, 3, 112, 6, 1],
  [5, 4, 192, 6, 2],
  [3, 1, 320, 6, 1],
];

/** ImageNet's standard deviations: the published weights expect to be divided by their square roots once more. */
const DEVIATIONS = [0.229, 0.224, 0.225];

/** Weights feature maps by what two small convolutions make of their means. @param filters of the first one */
export function squeezeExcite(net: Network, input: Feature, filters: number, prefix: string): Feature {
  let x = net.globalPool(input, `${prefix}se_squeeze`);
  x = net.layer("Reshape", [x], { target_shape: [1, 1, input.channels] }, `${prefix}se_reshape`, { height: 1, width: 1 });
  x = net.conv(x, filters, 1, { padding: "same", activation: "silu", name: `${prefix}se_reduce` });
  x = net.conv(x, input.channels, 1, { padding: "same", activation: "sigmoid", name: `${prefix}se_expand` });
  return net.layer("Multiply", [input, x], {}, `${prefix}se_excite`);
}

interface Block {
  readonly prefix: string;
  readonly kernel: 3 | 5;
  readonly filters: number;
  readonly expansion: number;
  readonly stride: 1 | 2;
  /** Whether it is the network's first, which has no dropout. */
  readonly first: boolean;
}

function block(net: Network, input: Feature, { prefix, kernel, filters, expansion, stride, first }: Block): Feature {
  let x = input;
  if (expansion > 1) {
    x = net.conv(x, input.channels * expansion, 1, { padding: "same", bias: false, name: `${prefix}expand_conv` });
    x = net.activation(net.norm(x, `${prefix}expand_bn`), "silu", `${prefix}expand_activation`);
  }
  if (stride === 2) x = net.padForStride(x, kernel, `${prefix}dwconv_pad`);
  x = net.depthwise(x, kernel, { stride, padding: stride === 1 ? "same" : "valid", bias: false, name: `${prefix}dwconv` });
  x = net.activation(net.norm(x, `${prefix}bn`), "silu", `${prefix}activation`);
  x = squeezeExcite(net, x, Math.max(1, Math.floor(input.channels / 4)), prefix);
  return project(net, x, input, { prefix, filters, kernel: 1, stride, first });
}

/** The end of a block: fewer feature maps, and the input added where it fits. */
export function project(
  net: Network,
  input: Feature,
  shortcut: Feature,
  { prefix, filters, kernel, stride, first, activation }: Pick<Block, "prefix" | "filters" | "stride" | "first"> & { kernel: number; activation?: string },
): Feature {
  const x = net.norm(
    net.conv(input, filters, kernel, { stride: kernel === 1 ? 1 : stride, padding: "same", bias: false, name: `${prefix}project_conv` }),
    `${prefix}project_bn`,
  );
  const y = activation ? net.activation(x, activation, `${prefix}project_activation`) : x;
  if (stride !== 1 || filters !== shortcut.channels) return y;
  return net.add([first ? y : net.layer("Dropout", [y], {}, `${prefix}drop`), shortcut], `${prefix}add`);
}

/** The last convolution and the layers that name classes. */
export function finish(net: Network, input: Feature, filters: number, { includeTop, classes }: { includeTop: boolean; classes: number }): Feature {
  let x = net.norm(net.conv(input, filters, 1, { padding: "same", bias: false, name: "top_conv" }), "top_bn");
  x = net.activation(x, "silu", "top_activation");
  if (!includeTop) return x;
  x = net.layer("Dropout", [net.globalPool(x, "avg_pool")], {}, "top_dropout");
  return net.dense(x, classes, "predictions", "softmax");
}

function stem(net: Network, filters: number): Feature {
  let x = net.layer("Rescaling", [net.input], { scale: 1 / 255 });
  x = net.layer("Normalization", [x], { axis: [3] });
  x = net.layer("Rescaling", [x], { scale: DEVIATIONS.map((deviation) => 1 / Math.sqrt(deviation)) });
  x = net.conv(net.padForStride(x, 3, "stem_conv_pad"), filters, 3, { stride: 2, bias: false, name: "stem_conv" });
  return net.activation(net.norm(x, "stem_bn"), "silu", "stem_activation");
}

/** @param width and `depth`: how much wider and deeper than B0 */
function efficientnet(name: string, width: number, depth: number): Architecture {
  return (options) => {
    const net = new Network(options.size);
    let x = stem(net, divisible(32 * width));
    for (const [group, [kernel, repeats, filters, expansion, stride]] of GROUPS.entries()) {
      for (let i = 0; i < Math.ceil(repeats * depth); i++) {
        const prefix = `block${group + 1}${letter(i)}_`;
        x = block(net, x, { prefix, kernel, filters: divisible(filters * width), expansion, stride: i === 0 ? stride : 1, first: group === 0 && i === 0 });
      }
    }
    return net.finish(name, finish(net, x, divisible(1280 * width), options));
  };
}

/** 0 → `a`. */
export function letter(i: number): string {
  return String.fromCharCode(97 + i);
}

export const efficientnetb0 = efficientnet("efficientnetb0", 1, 1);
export const efficientnetb1 = efficientnet("efficientnetb1", 1, 1.1);
export const efficientnetb2 = efficientnet("efficientnetb2", 1.1, 1.2);
export const efficientnetb3 = efficientnet("efficientnetb3", 1.2, 1.4);
export const efficientnetb4 = efficientnet("efficientnetb4", 1.4, 1.8);
export const efficientnetb5 = efficientnet("efficientnetb5", 1.6, 2.2);
export const efficientnetb6 = efficientnet("efficientnetb6", 1.8, 2.6);
export const efficientnetb7 = efficientnet("efficientnetb7", 2, 3.1);
