// MobileNet v2 (Sandler et al. 2018): narrow feature maps, widened within every block.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";
import { divisible } from "./divisible.ts";

/** Groups of blocks: filters, how many blocks, stride of the first one. */
const GROUPS: readonly (readonly [filters: number, repeats: number, stride: 1 | 2])[] = [
  [16, 1, 1],
  [24, 2, 2],
  [32, 3, 2],
  [64, 4, 2],
  [96, 3, 1],
  [160, 3, 2],
  [320, 1, 1],
];

function block(net: Network, input: Feature, number: number, filters: number, stride: 1 | 2): Feature {
  const prefix = number === 0 ? "expanded_conv_" : `block_${number}_`;
  const active = (x: Feature, name: string) => net.relu(net.norm(x, `${prefix}${name}_BN`), 6, `${prefix}${name}_relu`);
  let x = input;
  if (number > 0) x = active(net.conv(x, 6 * x.channels, 1, { padding: "same", bias: false, name: `${prefix}expand` }), "expand");
  if (stride === 2) x = net.padForStride(x, 3, `${prefix}pad`);
  x = active(net.depthwise(x, 3, { stride, padding: stride === 1 ? "same" : "valid", bias: false, name: `${prefix}depthwise` }), "depthwise");
  x = net.norm(net.conv(x, filters, 1, { padding: "same", bias: false, name: `${prefix}project` }), `${prefix}project_BN`);
  return stride === 1 && filters === input.channels ? net.add([input, x], `${prefix}add`) : x;
}

/** @param alpha how wide it is: 0.35 to 1.4 */
export function mobilenetv2(alpha: number): Architecture {
  return ({ includeTop, classes, size }) => {
    const net = new Network(size);
    let x = net.conv(net.input, divisible(32 * alpha), 3, { stride: 2, padding: "same", bias: false, name: "Conv1" });
    x = net.relu(net.norm(x, "bn_Conv1"), 6, "Conv1_relu");
    let number = 0;
    for (const [filters, repeats, stride] of GROUPS) {
      for (let i = 0; i < repeats; i++) x = block(net, x, number++, divisible(Math.floor(filters * alpha)), i === 0 ? stride : 1);
    }
    x = net.conv(x, divisible(1280 * Math.max(1, alpha)), 1, { bias: false, name: "Conv_1" });
    x = net.relu(net.norm(x, "Conv_1_bn"), 6, "out_relu");
    return net.finish(`mobilenetv2_${alpha.toFixed(2)}_${size[0] ?? 224}`, includeTop ? net.classify(x, classes) : x);
  };
}
