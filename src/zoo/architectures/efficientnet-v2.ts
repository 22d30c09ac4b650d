// EfficientNet v2 (Tan and Le 2021): the first blocks are plain convolutions, the others as in v1. Rescaling is a part of it.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";
import { finish, letter, project, squeezeExcite } from "./efficientnet.ts";

type Group = readonly [repeats: number, filters: number, expansion: 1 | 4 | 6, stride: 1 | 2];

/** The first three groups of every network are fused. */
const B: readonly Group[] = [
  [1, 16, 1, 1],
  [2, 32, 4, 2],
  [2, 48, 4, 2],
  [3, 96, 4, 2],
  [5, 112, 6, 1],
  [8, 192, 6, 2],
];

const S: readonly Group[] = [
  [2, 24, 1, 1],
  [4, 48, 4, 2],
  [4, 64, 4, 2],
  [6, 128, 4, 2],
  [9, 160, 6, 1],
  [15, 256, 6, 2],
];

const M: readonly Group[] = [
  [3, 24, 1, 1],
  [5, 48, 4, 2],
  [5, 80, 4, 2],
  [7, 160, 4, 2],
  [14, 176, 6, 1],
  [18, 304, 6, 2],
  [5, 512, 6, 1],
];

const L: readonly Group[] = [
  [4, 32, 1, 1],
  [7, 64, 4, 2],
  [7, 96, 4, 2],
  [10, 192, 4, 2],
  [19, 224, 6, 1],
  [25, 384, 6, 2],
  [7, 640, 6, 1],
];

interface Block {
  readonly prefix: string;
  readonly filters: number;
  readonly expansion: number;
  readonly stride: 1 | 2;
  readonly first: boolean;
}

/** A block whose widening convolution is a full one of 3×3. */
function fused(net: Network, input: Feature, { prefix, filters, expansion, stride, first }: Block): Feature {
  if (expansion === 1) return project(net, input, input, { prefix, filters, kernel: 3, stride, first, activation: "silu" });
  let x = net.conv(input, input.channels * expansion, 3, { stride, padding: "same", bias: false, name: `${prefix}expand_conv` });
  x = net.activation(net.norm(x, `${prefix}expand_bn`), "silu", `${prefix}expand_activation`);
  return project(net, x, input, { prefix, filters, kernel: 1, stride, first });
}

function separate(net: Network, input: Feature, { prefix, filters, expansion, stride, first }: Block): Feature {
  let x = net.conv(input, input.channels * expansion, 1, { padding: "same", bias: false, name: `${prefix}expand_conv` });
  x = net.activation(net.norm(x, `${prefix}expand_bn`), "silu", `${prefix}expand_activation`);
  x = net.depthwise(x, 3, { stride, padding: "same", bias: false, name: `${prefix}dwconv2` });
  x = net.activation(net.norm(x, `${prefix}bn`), "silu", `${prefix}activation`);
  x = squeezeExcite(net, x, Math.max(1, Math.floor(input.channels / 4)), prefix);
  return project(net, x, input, { prefix, filters, kernel: 1, stride, first });
}

/** The small networks are normalized by ImageNet's statistics, the large ones to −1..1. */
function rescale(net: Network, small: boolean): Feature {
  if (!small) return net.layer("Rescaling", [net.input], { scale: 1 / 128, offset: -1 });
  const x = net.layer("Rescaling", [net.input], { scale: 1 / 255 });
  const deviations = [0.229, 0.224, 0.225];
  return net.layer("Normalization", [x], { axis: [3], mean: [0.485, 0.456, 0.406], variance: deviations.map((deviation) => deviation ** 2) });
}

/** Unlike v1, rounding may lose more than a tenth. */
function rounded(filters: number): number {
  return Math.max(8, Math.floor((filters + 4) / 8) * 8);
}

function efficientnetv2(name: string, groups: readonly Group[], width = 1, depth = 1): Architecture {
  const stem = groups === B ? 32 : (groups[0] as Group)[1];
  return (options) => {
    const net = new Network(options.size);
    let x = net.conv(rescale(net, groups === B), rounded(stem * width), 3, { stride: 2, padding: "same", bias: false, name: "stem_conv" });
    x = net.activation(net.norm(x, "stem_bn"), "silu", "stem_activation");
    for (const [group, [repeats, filters, expansion, stride]] of groups.entries()) {
      const block = group < 3 ? fused : separate;
      for (let i = 0; i < Math.ceil(repeats * depth); i++) {
        const prefix = `block${group + 1}${letter(i)}_`;
        x = block(net, x, { prefix, filters: rounded(filters * width), expansion, stride: i === 0 ? stride : 1, first: group === 0 && i === 0 });
      }
    }
    return net.finish(name, finish(net, x, rounded(1280 * width), options));
  };
}

export const efficientnetv2b0 = efficientnetv2("efficientnetv2-b0", B);
export const efficientnetv2b1 = efficientnetv2("efficientnetv2-b1", B, 1, 1.1);
export const efficientnetv2b2 = efficientnetv2("efficientnetv2-b2", B, 1.1, 1.2);
export const efficientnetv2b3 = efficientnetv2("efficientnetv2-b3", B, 1.2, 1.4);
export const efficientnetv2s = efficientnetv2("efficientnetv2-s", S);
export const efficientnetv2m = efficientnetv2("efficientnetv2-m", M);
export const efficientnetv2l = efficientnetv2("efficientnetv2-l", L);
