// DenseNet (Huang et al. 2017): every block adds 32 feature maps to all that came before.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";

const GROWTH = 32;
const epsilon = 1.001e-5;

function active(net: Network, x: Feature, name: string): Feature {
  return net.activation(net.norm(x, `${name}_bn`, { epsilon }), "relu", `${name}_relu`);
}

function block(net: Network, input: Feature, name: string): Feature {
  let x = active(net, input, `${name}_0`);
  x = net.conv(x, 4 * GROWTH, 1, { bias: false, name: `${name}_1_conv` });
  x = active(net, x, `${name}_1`);
  x = net.conv(x, GROWTH, 3, { padding: "same", bias: false, name: `${name}_2_conv` });
  return net.concat([input, x], `${name}_concat`);
}

/** Halves size and number of feature maps. */
function transition(net: Network, input: Feature, name: string): Feature {
  let x = active(net, input, name);
  x = net.conv(x, Math.floor(x.channels / 2), 1, { bias: false, name: `${name}_conv` });
  return net.pool("Average", x, 2, { stride: 2, name: `${name}_pool` });
}

/** @param depths how many blocks lie between the transitions */
function densenet(name: string, depths: readonly number[]): Architecture {
  return ({ includeTop, classes, size }) => {
    const net = new Network(size);
    let x = net.conv(net.pad(net.input, 3), 64, 7, { stride: 2, bias: false, name: "conv1_conv" });
    x = net.pool("Max", net.pad(active(net, x, "conv1"), 1), 3, { stride: 2, name: "pool1" });
    depths.forEach((depth, stage) => {
      if (stage > 0) x = transition(net, x, `pool${stage + 1}`);
      for (let i = 1; i <= depth; i++) x = block(net, x, `conv${stage + 2}_block${i}`);
    });
    x = net.activation(net.norm(x, "bn", { epsilon }), "relu", "relu");
    return net.finish(name, includeTop ? net.classify(x, classes, "avg_pool") : x);
  };
}

export const densenet121 = densenet("densenet121", [6, 12, 24, 16]);
export const densenet169 = densenet("densenet169", [6, 12, 32, 32]);
export const densenet201 = densenet("densenet201", [6, 12, 48, 32]);
