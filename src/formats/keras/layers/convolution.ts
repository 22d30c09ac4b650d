// Convolutions of every kind. Keras keeps kernels as [rows, columns, in, out]; a Transpose in the graph, which ONNX Runtime
// folds, turns them into ONNX's [out, in, rows, columns], so that the bytes stay in the user's file.

import { fail } from "../../../errors.ts";
import { isList } from "../ir.ts";
import { activate } from "./activate.ts";
import type { Config } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { type WeightSpec, weight, when } from "./weight-spec.ts";
import { centered, padsFor, stridesOf } from "./windows.ts";

const ones = (count: number) => new Array<number>(count).fill(1);

const bias = (config: Config, size: (channels: number) => number): readonly WeightSpec[] =>
  when(
    config.flag("use_bias", true),
    weight("bias", ({ channels }) => [size(channels)]),
  );

/** Inputs of a Conv node: data, kernel and the bias, if there is one. */
function withBias(w: LayerWriter, x: string, kernel: string): string[] {
  return w.config.flag("use_bias", true) ? [x, kernel, w.weight("bias")] : [x, kernel];
}

/** [rows, columns, in, out] → [out, in, rows, columns]. */
export function outFirst(w: LayerWriter, kernel: string): string {
  const axes = w.graphShape(kernel).length - 2;
  return w.transpose(kernel, [axes + 1, axes, ...Array.from({ length: axes }, (_, i) => i)]);
}

/** [rows, columns, in, multiplier] → [in · multiplier, 1, rows, columns]. */
export function oneGroupEach(w: LayerWriter, kernel: string): string {
  const axes = w.graphShape(kernel).length - 2;
  const moved = w.transpose(kernel, [axes, axes + 1, ...Array.from({ length: axes }, (_, i) => i)]);
  const [channels, multiplier, ...sizes] = w.graphShape(moved) as [number, number, ...number[]];
  return w.state.graph.reshape(moved, [channels * multiplier, 1, ...sizes]);
}

function conv(kind: string, axes: number): LayerDef {
  return {
    kind,
    weights: (config) => {
      const filters = config.int("filters");
      const size = config.ints("kernel_size", axes);
      return [weight("kernel", ({ channels }) => [...size, channels / config.int("groups", 1), filters]), ...bias(config, () => filters)];
    },
    emit: (w) => {
      const size = w.config.ints("kernel_size", axes);
      const strides = stridesOf(w, axes, ones(axes));
      const dilations = w.config.ints("dilation_rate", axes, ones(axes));
      const x = centered(w, w.spatialInput(axes), size, strides);
      const pads = padsFor(w, x, size, strides, dilations);
      const attrs = { strides, dilations, pads, group: w.config.int("groups", 1) };
      return activate(w, w.fromChannelsAtOne(w.emit("Conv", withBias(w, x, outFirst(w, w.weight("kernel"))), attrs)));
    },
  };
}

/** The depthwise part of a layer: every channel with its own kernels. */
function depthwise(w: LayerWriter, axes: number, inputs: (x: string, kernel: string) => string[]): string {
  const x = w.spatialInput(axes);
  const strides = stridesOf(w, axes, ones(axes));
  const dilations = w.config.ints("dilation_rate", axes, ones(axes));
  const pads = padsFor(w, x, w.config.ints("kernel_size", axes), strides, dilations);
  const kernel = oneGroupEach(w, w.weight("depthwise_kernel"));
  return w.emit("Conv", inputs(x, kernel), { strides, dilations, pads, group: w.graphShape(x)[1] });
}

function depthwiseConv(kind: string, axes: number): LayerDef {
  return {
    kind,
    weights: (config) => {
      const multiplier = config.int("depth_multiplier", 1);
      const size = config.ints("kernel_size", axes);
      return [weight("depthwise_kernel", ({ channels }) => [...size, channels, multiplier]), ...bias(config, (channels) => channels * multiplier)];
    },
    emit: (w) => activate(w, w.fromChannelsAtOne(depthwise(w, axes, (x, kernel) => withBias(w, x, kernel)))),
  };
}

function separableConv(kind: string, axes: number): LayerDef {
  return {
    kind,
    weights: (config) => {
      const multiplier = config.int("depth_multiplier", 1);
      const filters = config.int("filters");
      // TensorFlow.js does not write the multiplier: the kernels say it.
      const known = config.raw("depth_multiplier") !== undefined;
      return [
        weight("depthwise_kernel", ({ channels }) => (known ? [...config.ints("kernel_size", axes), channels, multiplier] : undefined)),
        weight("pointwise_kernel", ({ channels }) => (known ? [...ones(axes), channels * multiplier, filters] : undefined)),
        ...bias(config, () => filters),
      ];
    },
    emit: (w) => {
      const spread = depthwise(w, axes, (x, kernel) => [x, kernel]);
      const mixed = w.emit("Conv", withBias(w, spread, outFirst(w, w.weight("pointwise_kernel"))), {});
      return activate(w, w.fromChannelsAtOne(mixed));
    },
  };
}

/**
 * Transposed convolutions. "same" gives input · stride; what the full result has more is cut off, the odd pixel behind;
 * what it has less is zero behind.
 */
function convTranspose(kind: string, axes: number): LayerDef {
  return {
    kind,
    weights: (config) => {
      const filters = config.int("filters");
      return [weight("kernel", ({ channels }) => [...config.ints("kernel_size", axes), filters, channels]), ...bias(config, () => filters)];
    },
    emit: (w) => {
      if (w.config.int("groups", 1) !== 1) w.fail("UNSUPPORTED_LAYER", "has several groups");
      const x = w.spatialInput(axes);
      const attrs = transposedWindows(w, w.graphShape(x).slice(2), w.config.ints("kernel_size", axes));
      return activate(w, w.fromChannelsAtOne(w.emit("ConvTranspose", withBias(w, x, outFirst(w, w.weight("kernel"))), attrs)));
    },
  };
}

export function transposedWindows(w: LayerWriter, sizes: readonly number[], kernel: readonly number[]) {
  const axes = sizes.length;
  const strides = stridesOf(w, axes, ones(axes));
  const dilations = w.config.ints("dilation_rate", axes, ones(axes));
  const extra = w.config.raw("output_padding") === undefined ? undefined : w.config.ints("output_padding", axes);
  const stated = statedSizes(w, axes);
  const same = w.config.text("padding", "valid") === "same";
  const spans = sizes.map((size, i) => {
    const [stride, reach] = [strides[i] as number, (dilations[i] as number) * ((kernel[i] as number) - 1) + 1];
    const full = stride * (size - 1) + reach;
    const given = extra?.[i];
    const usual = given !== undefined ? full + given - (same ? 2 * Math.floor(reach / 2) : 0) : size * stride + (same ? 0 : Math.max(reach - stride, 0));
    const wanted = stated?.[i] ?? usual;
    if (Math.ceil((wanted - (same ? 0 : reach - 1)) / stride) !== size && stated) failStated(w, wanted, size);
    const cut = Math.max(full - wanted, 0);
    const before = same ? Math.floor(cut / 2) : 0;
    return { before, behind: cut - before, missing: Math.max(wanted - full, 0) };
  });
  return {
    strides,
    dilations,
    pads: [...spans.map((s) => s.before), ...spans.map((s) => s.behind)],
    output_padding: spans.map((s) => s.missing),
  };
}

/** The sizes that Keras 1's Deconvolution says it gives; open ones are undefined. */
function statedSizes(w: LayerWriter, axes: number): readonly (number | undefined)[] | undefined {
  const shape = w.config.raw("output_shape");
  if (shape === undefined) return undefined;
  if (!isList(shape) || shape.length !== axes + 2) return w.fail("BAD_MODEL", `has the "output_shape" ${JSON.stringify(shape)}`);
  const first = w.channelsFirst ? 2 : 1;
  return shape.slice(first, first + axes).map((size) => (typeof size === "number" && Number.isSafeInteger(size) ? size : undefined));
}

function failStated(w: LayerWriter, wanted: number, size: number): never {
  return fail("SHAPE_MISMATCH", `Layer "${w.layer.name}" (${w.layer.kind}) gives ${wanted} pixels, which ${size} pixels cannot become.`, {
    hint: "Its output_shape is fixed: give a picture of the size that the model was made for.",
    details: { layer: w.layer.name },
  });
}

export const convolutionLayers: readonly LayerDef[] = [
  conv("Conv1D", 1),
  conv("Conv2D", 2),
  conv("Conv3D", 3),
  depthwiseConv("DepthwiseConv1D", 1),
  depthwiseConv("DepthwiseConv2D", 2),
  separableConv("SeparableConv1D", 1),
  separableConv("SeparableConv2D", 2),
  convTranspose("Conv1DTranspose", 1),
  convTranspose("Conv2DTranspose", 2),
  convTranspose("Conv3DTranspose", 3),
];
