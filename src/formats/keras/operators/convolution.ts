// Convolutions and pools between layers, whose kernels are operands, and windows as channels.

import { lookUp } from "../ir.ts";
import { oneGroupEach, outFirst, transposedWindows } from "../layers/convolution.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import { splitAxis } from "../layers/pooling.ts";
import type { Value } from "../layers/value.ts";
import { padsFor, reached, stridesOf } from "../layers/windows.ts";
import type { Operators } from "./define.ts";
import { axesOption, ownOperand, tensorOperand } from "./operands.ts";
import { part } from "./reduction.ts";

const NAMES = ["inputs", "input", "images", "image", "volumes", "x", "value"] as const;

/** The operand as `[N, C, …]`. */
const input = (w: LayerWriter): string => w.channelsAtOne(tensorOperand(w, 0, ...NAMES));

const ones = (count: number) => new Array<number>(count).fill(1);

const AUTO_PAD: Readonly<Record<string, string>> = { same: "SAME_UPPER", valid: "VALID" };

/** Pools over windows, of any number of axes. */
const pool = (op: "MaxPool" | "AveragePool") => (w: LayerWriter) => {
  const x = input(w);
  const axes = w.graphShape(x).length - 2;
  const size = w.config.ints("pool_size", axes);
  const padding = w.config.text("padding", "valid");
  const strides = stridesOf(w, axes, size);
  const auto_pad = lookUp(AUTO_PAD, padding) ?? w.fail("UNSUPPORTED_LAYER", `pads "${padding}"`);
  return w.fromChannelsAtOne(w.emit(op, [padding === "same" ? reached(w, x, size, strides) : x], { kernel_shape: size, strides, auto_pad }));
};

/** To a fixed number of windows along every axis. */
const adaptivePool = (reduce: "ReduceMean" | "ReduceMax") => (w: LayerWriter) => {
  const x = input(w);
  const sizes = w.config.ints("output_size", w.graphShape(x).length - 2);
  return w.fromChannelsAtOne(sizes.reduce((pooled, size, i) => splitAxis(w, pooled, i + 2, size, reduce), x));
};

/** A kernel [rows, columns, …] with as many axes as the input. */
function kernelOperand(w: LayerWriter, x: string, i: number, name: string): string {
  const kernel = ownOperand(w, i, name, "filters", "filter");
  const [rank, axes] = [w.graphShape(kernel).length, w.graphShape(x).length];
  return rank === axes ? kernel : w.fail("BAD_MODEL", `has a kernel of ${rank} axes beside an input of ${axes}`);
}

/** Attributes of a convolution by the options. */
function windows(w: LayerWriter, x: string, kernel: string) {
  const axes = w.graphShape(x).length - 2;
  const [strides, dilations] = [stridesOf(w, axes, ones(axes)), w.config.ints("dilation_rate", axes, ones(axes))];
  return { strides, dilations, pads: padsFor(w, x, w.graphShape(kernel).slice(2), strides, dilations) };
}

function conv(w: LayerWriter): Value {
  const x = input(w);
  const kernel = outFirst(w, kernelOperand(w, x, 1, "kernel"));
  const group = (w.graphShape(x)[1] as number) / (w.graphShape(kernel)[1] as number);
  return w.fromChannelsAtOne(w.emit("Conv", [x, kernel], { ...windows(w, x, kernel), group }));
}

/** Every channel with its own kernels. */
function depthwise(w: LayerWriter, name: string): string {
  const x = input(w);
  const kernel = oneGroupEach(w, kernelOperand(w, x, 1, name));
  return w.emit("Conv", [x, kernel], { ...windows(w, x, kernel), group: w.graphShape(x)[1] });
}

function separableConv(w: LayerWriter): Value {
  const spread = depthwise(w, "depthwise_kernel");
  return w.fromChannelsAtOne(w.emit("Conv", [spread, outFirst(w, kernelOperand(w, spread, 2, "pointwise_kernel"))]));
}

function convTranspose(w: LayerWriter): Value {
  const x = input(w);
  const kernel = outFirst(w, kernelOperand(w, x, 1, "kernel"));
  return w.fromChannelsAtOne(w.emit("ConvTranspose", [x, kernel], transposedWindows(w, w.graphShape(x).slice(2), w.graphShape(kernel).slice(2))));
}

/** One kernel for every place of a window: it gives the channel's number at that place. [places, 1, …size] */
function places(w: LayerWriter, size: readonly number[]): string {
  const count = size.reduce((n, d) => n * d, 1);
  if (size.some((d) => d < 1) || count > 4096) w.fail("BAD_MODEL", `takes windows of ${size.join(" × ")}`);
  const identity = Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0));
  return w.constant(identity, [count, 1, ...size]);
}

interface Windows {
  readonly strides: readonly number[];
  readonly dilations: readonly number[];
  readonly pads: readonly number[];
}

/** Every window of `[N, C, …]`, in reading order: [N, C, places, …windows]. */
function windowsOf(w: LayerWriter, x: string, size: readonly number[], attrs: Windows): string {
  const [batch, channels, ...sizes] = w.graphShape(x) as [number, number, ...number[]];
  const apart = w.state.graph.reshape(x, [batch * channels, 1, ...sizes]);
  const taken = w.emit("Conv", [apart, places(w, size)], { ...attrs });
  const [, count, ...counts] = w.graphShape(taken) as [number, number, ...number[]];
  return w.state.graph.reshape(taken, [batch, channels, count, ...counts]);
}

/** Windows of pictures or volumes with their numbers as channels: place by place, each with all its channels. */
function extractPatches(w: LayerWriter): Value {
  const given = tensorOperand(w, 0, ...NAMES);
  const sizes = w.config.intList("size");
  const axes = sizes.length === 1 ? 2 : sizes.length;
  const size = w.config.ints("size", axes);
  const alone = w.shape(given).length === axes + 1;
  const x = w.channelsAtOne(alone ? w.fromOwn(w.emit("Unsqueeze", [w.own(given), w.ints([0])])) : given);
  if (w.graphShape(x).length !== axes + 2) w.fail("BAD_MODEL", `takes windows of ${axes} axes from a tensor of ${w.shape(given).length}`);
  const strides = stridesOf(w, axes, size);
  const dilations = w.config.ints("dilation_rate", axes, ones(axes));
  const taken = windowsOf(w, x, size, { strides, dilations, pads: padsFor(w, x, size, strides, dilations) });
  const [batch, channels, count, ...counts] = w.graphShape(taken) as [number, number, number, ...number[]];
  const moved = w.transpose(taken, [0, 2, 1, ...counts.map((_, i) => i + 3)]);
  const patches = w.fromChannelsAtOne(w.state.graph.reshape(moved, [batch, count * channels, ...counts]));
  return alone ? w.fromOwn(w.emit("Squeeze", [w.own(patches), w.ints([0])])) : patches;
}

/** Options of `unfold` and `fold`: one number for both axes, or two. */
function pairs(w: LayerWriter): { size: number[]; attrs: Windows } {
  const padding = w.config.ints("padding", 2, [0, 0]);
  const attrs = { strides: w.config.ints("stride", 2, [1, 1]), dilations: w.config.ints("dilation", 2, [1, 1]), pads: [...padding, ...padding] };
  return { size: w.config.ints("kernel_size", 2), attrs };
}

/** Windows of pictures `[N, C, H, W]`, in every layout: [N, C · places, windows]. */
function unfold(w: LayerWriter): Value {
  const x = ownOperand(w, 0, "x", "input");
  if (w.graphShape(x).length !== 4) w.fail("BAD_MODEL", `takes windows of a tensor with ${w.graphShape(x).length} axes`);
  const { size, attrs } = pairs(w);
  const [batch, channels, count, ...counts] = w.graphShape(windowsOf(w, x, size, attrs)) as [number, number, number, ...number[]];
  return w.fromOwn(w.state.graph.reshape(windowsOf(w, x, size, attrs), [batch, channels * count, counts.reduce((n, d) => n * d, 1)]));
}

/** The other way round: windows put back at their places, summed where they overlap. */
function fold(w: LayerWriter): Value {
  const x = ownOperand(w, 0, "x");
  if (w.graphShape(x).length !== 3) w.fail("BAD_MODEL", `folds a tensor with ${w.graphShape(x).length} axes`);
  const { size, attrs } = pairs(w);
  const target = axesOption(w, 1, "output_size") ?? [];
  const [rows, columns] = (target.length === 1 ? [target[0], target[0]] : target) as [number, number];
  const at = (values: readonly number[], i: number) => values[i] as number;
  const reach = size.map((k, i) => at(attrs.dilations, i) * (k - 1) + 1);
  const counts = [rows, columns].map((d, i) => Math.floor((d + 2 * at(attrs.pads, i) - at(reach, i)) / at(attrs.strides, i)) + 1);
  const [batch, all] = w.graphShape(x) as [number, number];
  const channels = all / (at(size, 0) * at(size, 1));
  if (!Number.isInteger(channels) || counts.some((n) => !(n >= 1)) || at(counts, 0) * at(counts, 1) !== w.graphShape(x)[2])
    w.fail("BAD_MODEL", "folds windows that do not fit");
  const apart = w.state.graph.reshape(x, [batch * channels, at(size, 0) * at(size, 1), ...counts]);
  const output_padding = [rows, columns].map((d, i) => d + 2 * at(attrs.pads, i) - ((at(counts, i) - 1) * at(attrs.strides, i) + at(reach, i)));
  const whole = w.emit("ConvTranspose", [apart, places(w, size)], { strides: attrs.strides, dilations: attrs.dilations, output_padding });
  const cut = [rows, columns].reduce((y, d, i) => part(w, y, i + 2, at(attrs.pads, i), at(attrs.pads, i) + d), whole);
  return w.fromOwn(w.state.graph.reshape(cut, [batch, channels, rows, columns]));
}

export const convolutionOperators: Operators = {
  adaptive_average_pool: adaptivePool("ReduceMean"),
  adaptive_max_pool: adaptivePool("ReduceMax"),
  average_pool: pool("AveragePool"),
  conv,
  conv_transpose: convTranspose,
  depthwise_conv: (w) => w.fromChannelsAtOne(depthwise(w, "kernel")),
  extract_patches: extractPatches,
  fold,
  max_pool: pool("MaxPool"),
  separable_conv: separableConv,
  unfold,
};
