// VGG (Simonyan and Zisserman 2014): blocks of 3×3 convolutions, each block halved by a pooling.

import type { Architecture } from "../architecture.ts";
import { Network } from "../network.ts";

const FILTERS = [64, 128, 256, 512, 512];

/** @param depths how many convolutions each of the five blocks has */
function vgg(name: string, depths: readonly number[]): Architecture {
  return ({ includeTop, classes, size }) => {
    const net = new Network(size);
    let x = net.input;
    depths.forEach((depth, block) => {
      const prefix = `block${block + 1}`;
      for (let i = 1; i <= depth; i++) x = net.conv(x, FILTERS[block] as number, 3, { padding: "same", activation: "relu", name: `${prefix}_conv${i}` });
      x = net.pool("Max", x, 2, { stride: 2, name: `${prefix}_pool` });
    });
    if (includeTop) {
      x = net.layer("Flatten", [x], {}, "flatten");
      for (const fc of ["fc1", "fc2"]) x = net.dense(x, 4096, fc, "relu");
      x = net.dense(x, classes, "predictions", "softmax");
    }
    return net.finish(name, x);
  };
}

export const vgg16 = vgg("vgg16", [2, 2, 3, 3, 3]);
export const vgg19 = vgg("vgg19", [2, 2, 4, 4, 4]);
