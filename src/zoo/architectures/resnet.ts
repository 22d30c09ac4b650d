// ResNet (He et al. 2015) and ResNet v2 (2016): stacks of bottleneck blocks with a shortcut around each.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";

const FILTERS = [64, 128, 256, 512];
const epsilon = 1.001e-5;

/** Bottleneck of v1: normalized behind every convolution. */
function block1(net: Network, input: Feature, filters: number, stride: number, first: boolean, name: string): Feature {
  const unit = (x: Feature, i: number, out: number, kernel: number, options = {}) =>
    net.norm(net.conv(x, out, kernel, { ...options, name: `${name}_${i}_conv` }), `${name}_${i}_bn`, { epsilon });
  const shortcut = first ? unit(input, 0, 4 * filters, 1, { stride }) : input;
  let x = net.activation(unit(input, 1, filters, 1, { stride }), "relu", `${name}_1_relu`);
  x = net.activation(unit(x, 2, filters, 3, { padding: "same" }), "relu", `${name}_2_relu`);
  x = net.add([shortcut, unit(x, 3, 4 * filters, 1)], `${name}_add`);
  return net.activation(x, "relu", `${name}_out`);
}

/** Bottleneck of v2: normalized before every convolution; the last one of a stack strides. */
function block2(net: Network, input: Feature, filters: number, stride: number, first: boolean, name: string): Feature {
  const active = (x: Feature, i: string) => net.activation(net.norm(x, `${name}_${i}_bn`, { epsilon }), "relu", `${name}_${i}_relu`);
  const preact = active(input, "preact");
  const identity = stride > 1 ? net.pool("Max", input, 1, { stride }) : input;
  const shortcut = first ? net.conv(preact, 4 * filters, 1, { name: `${name}_0_conv` }) : identity;
  let x = active(net.conv(preact, filters, 1, { bias: false, name: `${name}_1_conv` }), "1");
  x = net.pad(x, 1, `${name}_2_pad`);
  x = active(net.conv(x, filters, 3, { stride, bias: false, name: `${name}_2_conv` }), "2");
  return net.add([shortcut, net.conv(x, 4 * filters, 1, { name: `${name}_3_conv` })], `${name}_out`);
}

/** @param depths how many blocks each of the four stacks has */
function resnet(name: string, depths: readonly number[], version: 1 | 2): Architecture {
  return ({ includeTop, classes, size }) => {
    const net = new Network(size);
    let x = net.conv(net.pad(net.input, 3, "conv1_pad"), 64, 7, { stride: 2, name: "conv1_conv" });
    if (version === 1) x = net.activation(net.norm(x, "conv1_bn", { epsilon }), "relu", "conv1_relu");
    x = net.pool("Max", net.pad(x, 1, "pool1_pad"), 3, { stride: 2, name: "pool1_pool" });
    depths.forEach((depth, stack) => {
      for (let i = 1; i <= depth; i++) {
        const strides = version === 1 ? i === 1 && stack > 0 : i === depth && stack < 3;
        const block = version === 1 ? block1 : block2;
        x = block(net, x, FILTERS[stack] as number, strides ? 2 : 1, i === 1, `conv${stack + 2}_block${i}`);
      }
    });
    if (version === 2) x = net.activation(net.norm(x, "post_bn", { epsilon }), "relu", "post_relu");
    return net.finish(name, includeTop ? net.classify(x, classes, "avg_pool") : x);
  };
}

export const resnet50 = resnet("resnet50", [3, 4, 6, 3], 1);
export const resnet101 = resnet("resnet101", [3, 4, 23, 3], 1);
export const resnet152 = resnet("resnet152", [3, 8, 36, 3], 1);
export const resnet50v2 = resnet("resnet50v2", [3, 4, 6, 3], 2);
export const resnet101v2 = resnet("resnet101v2", [3, 4, 23, 3], 2);
export const resnet152v2 = resnet("resnet152v2", [3, 8, 36, 3], 2);
