// Inception v3 (Szegedy et al. 2015): parallel branches of convolutions, joined in "mixed" layers.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";

/** A convolution of a branch: filters, kernel, and `2` where it halves the size. */
export type Unit = readonly [filters: number, kernel: number | readonly [number, number], stride?: 1 | 2];

const WIDE = [1, 7] as const;
const TALL = [7, 1] as const;

/** A convolution without bias, normalized and rectified. Those that halve the size have no padding. */
function unit(net: Network, x: Feature, [filters, kernel, stride = 1]: Unit, padding: "same" | "valid" = stride === 2 ? "valid" : "same"): Feature {
  return net.activation(net.norm(net.conv(x, filters, kernel, { stride, padding, bias: false }), undefined, { scale: false }), "relu");
}

export function branch(net: Network, x: Feature, units: readonly Unit[]): Feature {
  return units.reduce((y, each) => unit(net, y, each), x);
}

function averaged(net: Network, x: Feature, filters: number): Feature {
  return unit(net, net.pool("Average", x, 3, { stride: 1, padding: "same" }), [filters, 1]);
}

/** A mixed layer of branches and an average pooling. */
export function mixed(net: Network, x: Feature, name: string, pooled: number, branches: readonly (readonly Unit[])[]): Feature {
  const features = branches.map((units) => branch(net, x, units));
  return net.concat([...features, averaged(net, x, pooled)], name);
}

/** A mixed layer that halves the size: branches and a max pooling. */
export function reduction(net: Network, x: Feature, name: string, branches: readonly (readonly Unit[])[]): Feature {
  const features = branches.map((units) => branch(net, x, units));
  return net.concat([...features, net.pool("Max", x, 3, { stride: 2 })], name);
}

/** 7×7 kernels as pairs of 1×7 and 7×1. */
function sevens(net: Network, x: Feature, name: string, inner: number): Feature {
  const single: Unit[] = [
    [inner, 1],
    [inner, WIDE],
    [192, TALL],
  ];
  const double: Unit[] = [
    [inner, 1],
    [inner, TALL],
    [inner, WIDE],
    [inner, TALL],
    [192, WIDE],
  ];
  return mixed(net, x, name, 192, [[[192, 1]], single, double]);
}

/** Branches that split once more into 1×3 and 3×1. */
function split(net: Network, x: Feature, name: string | undefined, units: readonly Unit[]): Feature {
  const y = branch(net, x, units);
  return net.concat([unit(net, y, [384, [1, 3]]), unit(net, y, [384, [3, 1]])], name);
}

function widest(net: Network, x: Feature, i: number): Feature {
  const one = unit(net, x, [320, 1]);
  const three = split(net, x, `mixed9_${i}`, [[384, 1]]);
  const double = split(net, x, undefined, [
    [448, 1],
    [384, 3],
  ]);
  return net.concat([one, three, double, averaged(net, x, 192)], `mixed${9 + i}`);
}

/** The beginning that Inception-ResNet v2 shares. */
export function stem(net: Network): Feature {
  let x = unit(net, net.input, [32, 3, 2]);
  x = unit(net, unit(net, x, [32, 3], "valid"), [64, 3]);
  x = net.pool("Max", x, 3, { stride: 2 });
  x = unit(net, unit(net, x, [80, 1], "valid"), [192, 3], "valid");
  return net.pool("Max", x, 3, { stride: 2 });
}

export const inceptionv3: Architecture = ({ includeTop, classes, size }) => {
  const net = new Network(size);
  let x = stem(net);
  for (const [i, pooled] of [32, 64, 64].entries()) {
    x = mixed(net, x, `mixed${i}`, pooled, [
      [[64, 1]],
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
  }
  x = reduction(net, x, "mixed3", [
    [[384, 3, 2]],
    [
      [64, 1],
      [96, 3],
      [96, 3, 2],
    ],
  ]);
  for (const [i, inner] of [128, 160, 160, 192].entries()) x = sevens(net, x, `mixed${4 + i}`, inner);
  x = reduction(net, x, "mixed8", [
    [
      [192, 1],
      [320, 3, 2],
    ],
    [
      [192, 1],
      [192, WIDE],
      [192, TALL],
      [192, 3, 2],
    ],
  ]);
  for (const i of [0, 1]) x = widest(net, x, i);
  return net.finish("inception_v3", includeTop ? net.classify(x, classes, "avg_pool") : x);
};
