// NASNet-A (Zoph et al. 2018): two cells found by search, each fed by the two cells before it.

import type { Architecture } from "../architecture.ts";
import { type Feature, Network } from "../network.ts";

const END = [
  [0, 1],
  [0, 1],
] as const;
const START = [
  [1, 0],
  [1, 0],
] as const;

interface Cell {
  readonly net: Network;
  readonly id: string;
  readonly filters: number;
}

/** Rectified, convolved with 1×1, normalized. */
function squeeze({ net, id, filters }: Cell, x: Feature, kind: "normal" | "reduction"): Feature {
  return net.norm(net.conv(net.activation(x, "relu"), filters, 1, { padding: "same", bias: false, name: `${kind}_conv_1_${id}` }), `${kind}_bn_1_${id}`);
}

/** Two separable convolutions, the first of which may halve the size. */
function separable({ net, id, filters }: Cell, input: Feature, kernel: 3 | 5 | 7, place: string, stride: 1 | 2 = 1): Feature {
  const name = `${place}_${id}`;
  let x = net.activation(input, "relu");
  if (stride === 2) x = net.padForStride(x, kernel, `separable_conv_1_pad_${name}`);
  x = net.separable(x, filters, kernel, { stride, padding: stride === 2 ? "valid" : "same", bias: false, name: `separable_conv_1_${name}` });
  x = net.activation(net.norm(x, `separable_conv_1_bn_${name}`), "relu");
  x = net.separable(x, filters, kernel, { padding: "same", bias: false, name: `separable_conv_2_${name}` });
  return net.norm(x, `separable_conv_2_bn_${name}`);
}

/** What came before the last cell, brought to the size of the last cell. */
function adjust(cell: Cell, before: Feature | undefined, input: Feature): Feature {
  const { net, id, filters } = cell;
  if (!before) return input;
  if (before.width !== input.width) return halve(cell, before);
  if (before.channels === filters) return before;
  const x = net.conv(net.activation(before, "relu"), filters, 1, { padding: "same", bias: false, name: `adjust_conv_projection_${id}` });
  return net.norm(x, `adjust_bn_${id}`);
}

/** Every second position, and those one row and column further. */
function halve({ net, id, filters }: Cell, before: Feature): Feature {
  const x = net.activation(before, "relu", `adjust_relu_1_${id}`);
  const half = (from: Feature, i: 1 | 2) => {
    const pooled = net.pool("Average", from, 1, { stride: 2, name: `adjust_avg_pool_${i}_${id}` });
    return net.conv(pooled, Math.floor(filters / 2), 1, { padding: "same", bias: false, name: `adjust_conv_${i}_${id}` });
  };
  const first = half(x, 1);
  const shifted = net.layer("Cropping2D", [net.pad(x, END)], { cropping: START }, undefined, { height: x.height, width: x.width });
  return net.norm(net.concat([first, half(shifted, 2)]), `adjust_bn_${id}`);
}

function normalCell(cell: Cell, input: Feature, before: Feature | undefined): Feature {
  const { net, id } = cell;
  const average = (x: Feature, place: string) => net.pool("Average", x, 3, { stride: 1, padding: "same", name: `normal_${place}_${id}` });
  const add = (i: number, a: Feature, b: Feature) => net.add([a, b], `normal_add_${i}_${id}`);
  const p = adjust(cell, before, input);
  const h = squeeze(cell, input, "normal");
  const x1 = add(1, separable(cell, h, 5, "normal_left1"), separable(cell, p, 3, "normal_right1"));
  const x2 = add(2, separable(cell, p, 5, "normal_left2"), separable(cell, p, 3, "normal_right2"));
  const x3 = add(3, average(h, "left3"), p);
  const x4 = add(4, average(p, "left4"), average(p, "right4"));
  const x5 = add(5, separable(cell, h, 3, "normal_left5"), h);
  return net.concat([p, x1, x2, x3, x4, x5], `normal_concat_${id}`);
}

function reductionCell(cell: Cell, input: Feature, before: Feature | undefined): Feature {
  const { net, id } = cell;
  const p = adjust(cell, before, input);
  const h = squeeze(cell, input, "reduction");
  const padded = net.padForStride(h, 3, `reduction_pad_1_${id}`);
  const pool = (kind: "Max" | "Average", place: string) => net.pool(kind, padded, 3, { stride: 2, name: `reduction_${place}_${id}` });
  const x1 = net.add([separable(cell, h, 5, "reduction_left1", 2), separable(cell, p, 7, "reduction_right1", 2)], `reduction_add_1_${id}`);
  const x2 = net.add([pool("Max", "left2"), separable(cell, p, 7, "reduction_right2", 2)], `reduction_add_2_${id}`);
  const x3 = net.add([pool("Average", "left3"), separable(cell, p, 5, "reduction_right3", 2)], `reduction_add3_${id}`);
  const x4 = net.add([x2, net.pool("Average", x1, 3, { stride: 1, padding: "same", name: `reduction_left4_${id}` })]);
  const x5 = net.add([separable(cell, x1, 3, "reduction_left4"), pool("Max", "right5")], `reduction_add4_${id}`);
  return net.concat([x2, x3, x4, x5], `reduction_concat_${id}`);
}

interface Scale {
  /** Normal cells between two reductions. */
  readonly cells: number;
  /** Filters of the very first convolution. */
  readonly stem: number;
  /** Filters of the first normal cells. */
  readonly filters: number;
  /** Whether the cell behind a reduction looks past it. */
  readonly skipReduction: boolean;
}

/** The reading order of cells: id, how wide, and whether it reduces. */
function cellsOf({ cells, filters }: Scale): { id: string; filters: number; reduces: boolean }[] {
  const stems = [
    { id: "stem_1", filters: filters / 4, reduces: true },
    { id: "stem_2", filters: filters / 2, reduces: true },
  ];
  const stages = [0, 1, 2].flatMap((stage) => {
    const wide = filters * 2 ** stage;
    const reduction = stage === 0 ? [] : [{ id: `reduce_${stage * cells}`, filters: wide, reduces: true }];
    const first = stage * cells + (stage === 0 ? 0 : 1);
    return [...reduction, ...Array.from({ length: cells }, (_, i) => ({ id: `${first + i}`, filters: wide, reduces: false }))];
  });
  return [...stems, ...stages];
}

function nasnet(name: string, scale: Scale): Architecture {
  return ({ includeTop, classes, size }) => {
    const net = new Network(size);
    let x = net.norm(net.conv(net.input, scale.stem, 3, { stride: 2, bias: false, name: "stem_conv1" }), "stem_bn1");
    let before: Feature | undefined;
    for (const { id, filters, reduces } of cellsOf(scale)) {
      const cell = { net, id, filters };
      const next = reduces ? reductionCell(cell, x, before) : normalCell(cell, x, before);
      if (!(scale.skipReduction && id.startsWith("reduce"))) before = x;
      x = next;
    }
    x = net.activation(x, "relu");
    return net.finish(name, includeTop ? net.classify(x, classes) : x);
  };
}

export const nasnetmobile = nasnet("nasnet_mobile", { cells: 4, stem: 32, filters: 44, skipReduction: false });
export const nasnetlarge = nasnet("nasnet_large", { cells: 6, stem: 96, filters: 168, skipReduction: true });
