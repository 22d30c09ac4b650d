// MobileNet v3 (Howard et al. 2019): found by search; hard swish, and feature maps weighted by their own means.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";
import { divisible } from "./divisible.ts";

interface Block {
  /** How much wider it is within. */
  readonly expansion: number;
  readonly filters: number;
  readonly kernel: 3 | 5;
  readonly stride: 1 | 2;
  /** Whether feature maps are weighted by their means. */
  readonly squeeze: boolean;
  readonly swish: boolean;
}

type Row = readonly [expansion: number, filters: number, kernel: 3 | 5, stride: 1 | 2, squeeze: 0 | 1, swish: 0 | 1];

const SMALL: readonly Row[] = [
  [1, 16, 3, 2, 1, 0],
  [72 / 16, 24, 3, 2, 0, 0],
  [88 / 24, 24, 3, 1, 0, 0],
  [4, 40, 5, 2, 1, 1],
  [6, 40, 5, 1, 1, 1],
  [6, 40, 5, 1, 1, 1],
  [3, 48, 5, 1, 1, 1],
  [3, 48, 5, 1, 1, 1],
  [6, 96, 5, 2, 1, 1],
  [6, 96, 5, 1, 1, 1],
  [6, 96, 5, 1, 1, 1],
];

const LARGE: readonly Row[] = [
  [1, 16, 3, 1, 0, 0],
  [4, 24, 3, 2, 0, 0],
  [3, 24, 3, 1, 0, 0],
  [3, 40, 5, 2, 1, 0],
  [3, 40, 5, 1, 1, 0],
  [3, 40, 5, 1, 1, 0],
  [6, 80, 3, 2, 0, 1],
  [2.5, 80, 3, 1, 0, 1],
  [2.3, 80, 3, 1, 0, 1],
  [2.3, 80, 3, 1, 0, 1],
  [6, 112, 3, 1, 1, 1],
  [6, 112, 3, 1, 1, 1],
  [6, 160, 5, 2, 1, 1],
  [6, 160, 5, 1, 1, 1],
  [6, 160, 5, 1, 1, 1],
];

function activate(net: Network, x: Feature, swish: boolean): Feature {
  return swish ? net.activation(x, "hard_silu") : net.relu(x);
}

/** Weights feature maps by what two small convolutions make of their means. */
function squeezeExcite(net: Network, input: Feature, prefix: string): Feature {
  const name = `${prefix}squeeze_excite_`;
  let x = net.globalPool(input, `${name}avg_pool`, true);
  x = net.conv(x, divisible(input.channels / 4), 1, { padding: "same", name: `${name}conv` });
  x = net.conv(net.relu(x, undefined, `${name}relu`), input.channels, 1, { padding: "same", name: `${name}conv_1` });
  const sixths = net.relu(net.operation("Add", x, 3), 6);
  return net.layer("Multiply", [input, net.operation("Multiply", sixths, 1 / 6)], {}, `${name}mul`);
}

function block(net: Network, input: Feature, number: number, { expansion, filters, kernel, stride, squeeze, swish }: Block): Feature {
  const prefix = number === 0 ? "expanded_conv_" : `expanded_conv_${number}_`;
  let x = input;
  if (number > 0) {
    x = net.conv(x, divisible(input.channels * expansion), 1, { padding: "same", bias: false, name: `${prefix}expand` });
    x = activate(net, net.norm(x, `${prefix}expand_bn`), swish);
  }
  if (stride === 2) x = net.padForStride(x, kernel, `${prefix}depthwise_pad`);
  x = net.depthwise(x, kernel, { stride, padding: stride === 1 ? "same" : "valid", bias: false, name: `${prefix}depthwise` });
  x = activate(net, net.norm(x, `${prefix}depthwise_bn`), swish);
  if (squeeze) x = squeezeExcite(net, x, prefix);
  x = net.norm(net.conv(x, filters, 1, { padding: "same", bias: false, name: `${prefix}project` }), `${prefix}project_bn`);
  return stride === 1 && filters === input.channels ? net.add([input, x], `${prefix}add`) : x;
}

function top(net: Network, input: Feature, width: number, classes: number, swish: boolean): Feature {
  let x = net.conv(net.globalPool(input, undefined, true), width, 1, { padding: "same", name: "conv_2" });
  x = net.layer("Dropout", [activate(net, x, swish)]);
  x = net.conv(x, classes, 1, { padding: "same", name: "logits" });
  return net.activation(net.layer("Flatten", [x]), "softmax", "predictions");
}

/** @param minimalistic without hard swish, squeezing and kernels of 5×5 */
export function mobilenetv3(kind: "small" | "large", alpha: number, minimalistic = false): Architecture {
  const swish = !minimalistic;
  const blocks = (kind === "small" ? SMALL : LARGE).map(
    ([expansion, filters, kernel, stride, squeeze, swishes]): Block => ({
      expansion,
      filters: divisible(filters * alpha),
      kernel: minimalistic ? 3 : kernel,
      stride,
      squeeze: squeeze === 1 && !minimalistic,
      swish: swishes === 1 && swish,
    }),
  );
  return ({ includeTop, classes, size }) => {
    const net = new Network(size);
    let x = net.layer("Rescaling", [net.input], { scale: 1 / 127.5, offset: -1 });
    x = net.conv(x, 16, 3, { stride: 2, padding: "same", bias: false, name: "conv" });
    x = activate(net, net.norm(x, "conv_bn"), swish);
    for (const [number, each] of blocks.entries()) x = block(net, x, number, each);
    x = net.conv(x, divisible(6 * x.channels), 1, { padding: "same", bias: false, name: "conv_1" });
    x = activate(net, net.norm(x, "conv_1_bn"), swish);
    if (includeTop) x = top(net, x, kind === "small" ? 1024 : 1280, classes, swish);
    return net.finish(kind === "small" ? "MobileNetV3Small" : "MobileNetV3Large", x);
  };
}
