// Xception (Chollet 2017): depthwise separable convolutions, a shortcut around every block.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";

/** A separable convolution of 3×3, normalized. */
function separable(net: Network, x: Feature, filters: number, name: string): Feature {
  return net.norm(net.separable(x, filters, 3, { padding: "same", bias: false, name }), `${name}_bn`);
}

/** Halves the size; the shortcut is a convolution of stride 2. @param filters of the two convolutions */
function shrink(net: Network, input: Feature, number: number, filters: readonly [number, number]): Feature {
  const name = `block${number}`;
  const residual = net.norm(net.conv(input, filters[1], 1, { stride: 2, padding: "same", bias: false }));
  let x = number === 2 ? input : net.activation(input, "relu", `${name}_sepconv1_act`);
  x = separable(net, x, filters[0], `${name}_sepconv1`);
  x = separable(net, net.activation(x, "relu", `${name}_sepconv2_act`), filters[1], `${name}_sepconv2`);
  return net.add([net.pool("Max", x, 3, { stride: 2, padding: "same", name: `${name}_pool` }), residual]);
}

function middle(net: Network, input: Feature, number: number): Feature {
  let x = input;
  for (let i = 1; i <= 3; i++) {
    const name = `block${number}_sepconv${i}`;
    x = separable(net, net.activation(x, "relu", `${name}_act`), 728, name);
  }
  return net.add([x, input]);
}

export const xception: Architecture = ({ includeTop, classes, size }) => {
  const net = new Network(size);
  const unit = (x: Feature, filters: number, stride: number, name: string) =>
    net.activation(net.norm(net.conv(x, filters, 3, { stride, bias: false, name }), `${name}_bn`), "relu", `${name}_act`);
  let x = unit(unit(net.input, 32, 2, "block1_conv1"), 64, 1, "block1_conv2");
  x = shrink(net, x, 2, [128, 128]);
  x = shrink(net, x, 3, [256, 256]);
  x = shrink(net, x, 4, [728, 728]);
  for (let number = 5; number <= 12; number++) x = middle(net, x, number);
  x = shrink(net, x, 13, [728, 1024]);
  for (const [i, filters] of [1536, 2048].entries()) {
    const name = `block14_sepconv${i + 1}`;
    x = net.activation(separable(net, x, filters, name), "relu", `${name}_act`);
  }
  return net.finish("xception", includeTop ? net.classify(x, classes, "avg_pool") : x);
};
