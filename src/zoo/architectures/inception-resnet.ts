// Inception-ResNet v2 (Szegedy et al. 2016): Inception's branches, added to their input at a small scale.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";
import { branch, mixed, reduction, stem, type Unit } from "./inception.ts";

interface Residual {
  readonly block: string;
  readonly repeats: number;
  readonly scale: number;
  readonly branches: readonly (readonly Unit[])[];
}

const SMALL: Residual = {
  block: "block35",
  repeats: 10,
  scale: 0.17,
  branches: [
    [[32, 1]],
    [
      [32, 1],
      [32, 3],
    ],
    [
      [32, 1],
      [48, 3],
      [64, 3],
    ],
  ],
};
const MIDDLE: Residual = {
  block: "block17",
  repeats: 20,
  scale: 0.1,
  branches: [
    [[192, 1]],
    [
      [128, 1],
      [160, [1, 7]],
      [192, [7, 1]],
    ],
  ],
};
const WIDE: Residual = {
  block: "block8",
  repeats: 10,
  scale: 0.2,
  branches: [
    [[192, 1]],
    [
      [192, 1],
      [224, [1, 3]],
      [256, [3, 1]],
    ],
  ],
};

/** x + scale · branches(x). */
function residual(net: Network, x: Feature, name: string, scale: number, branches: Residual["branches"]): Feature {
  const joined = net.concat(
    branches.map((units) => branch(net, x, units)),
    `${name}_mixed`,
  );
  const up = net.conv(joined, x.channels, 1, { padding: "same", name: `${name}_conv` });
  return net.layer("CustomScaleLayer", [x, up], { scale });
}

/** The repeated blocks. The very last one adds at full scale and is not rectified. */
function residuals(net: Network, input: Feature, { block, repeats, scale, branches }: Residual): Feature {
  let x = input;
  for (let i = 1; i <= repeats; i++) {
    const last = block === "block8" && i === repeats;
    x = residual(net, x, `${block}_${i}`, last ? 1 : scale, branches);
    if (!last) x = net.activation(x, "relu", `${block}_${i}_ac`);
  }
  return x;
}

export const inceptionresnetv2: Architecture = ({ includeTop, classes, size }) => {
  const net = new Network(size);
  let x = mixed(net, stem(net), "mixed_5b", 64, [
    [[96, 1]],
    [
      [48, 1],
      [64, 5],
    ],
    [
      [64, 1],
      [96, 3],
      [96, 3],
    ],
  ]);
  x = residuals(net, x, SMALL);
  x = reduction(net, x, "mixed_6a", [
    [[384, 3, 2]],
    [
      [256, 1],
      [256, 3],
      [384, 3, 2],
    ],
  ]);
  x = residuals(net, x, MIDDLE);
  x = reduction(net, x, "mixed_7a", [
    [
      [256, 1],
      [384, 3, 2],
    ],
    [
      [256, 1],
      [288, 3, 2],
    ],
    [
      [256, 1],
      [288, 3],
      [320, 3, 2],
    ],
  ]);
  x = residuals(net, x, WIDE);
  x = net.norm(net.conv(x, 1536, 1, { padding: "same", bias: false, name: "conv_7b" }), "conv_7b_bn", { scale: false });
  x = net.activation(x, "relu", "conv_7b_ac");
  return net.finish("inception_resnet_v2", includeTop ? net.classify(x, classes, "avg_pool") : x);
};
