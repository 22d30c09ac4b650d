// Operations on pictures: sizes, margins, colours, windows.

import { lookUp } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import { crop } from "../layers/reshaping.ts";
import { fitToAspect, resize } from "../layers/resizing.ts";
import type { Value } from "../layers/value.ts";
import { padsFor, reached, stridesOf } from "../layers/windows.ts";
import type { Operators } from "./define.ts";
import { axesOption, constantOf, operand, option, tensorOperand } from "./operands.ts";

const NAMES = ["images", "image", "inputs", "x"] as const;

/** A plain value that is only ever given by name. */
const named = (w: LayerWriter, name: string) => option(w, Number.POSITIVE_INFINITY, name);

function whole(w: LayerWriter, name: string): number | undefined {
  const value = named(w, name);
  return value === undefined || (typeof value === "number" && Number.isSafeInteger(value))
    ? value
    : w.fail("BAD_MODEL", `has "${name}" ${JSON.stringify(value)}`);
}

/** The pictures as `[N, C, H, W]`. */
function pictures(w: LayerWriter): string {
  const value = tensorOperand(w, 0, ...NAMES);
  if (w.shape(value).length !== 4) w.fail("UNSUPPORTED_LAYER", "works on single pictures");
  return w.channelsAtOne(value);
}

function resizeImage(w: LayerWriter): Value {
  const size = axesOption(w, 1, "size") ?? w.fail("BAD_MODEL", "says no size");
  if (size.length !== 2) w.fail("BAD_MODEL", `resizes to ${size.length} sizes`);
  if (named(w, "preserve_aspect_ratio") === true) w.fail("UNSUPPORTED_LAYER", "uses preserve_aspect_ratio");
  const interpolation = String(option(w, 2, "interpolation", "method") ?? "bilinear");
  const fill = named(w, "fill_value");
  const fitting = { cut: named(w, "crop_to_aspect_ratio") === true, pad: named(w, "pad_to_aspect_ratio") === true, fill: typeof fill === "number" ? fill : 0 };
  const fitted = fitToAspect(w, pictures(w), [size[0] as number, size[1] as number], fitting);
  return w.fromChannelsAtOne(resize(w, fitted, size, interpolation, named(w, "antialias") === true));
}

/** Sizes before and behind the rows or columns; two of the three of before, behind and target are given. */
function margins(w: LayerWriter, size: number, sign: 1 | -1, names: readonly [string, string, string]): [number, number] {
  const [before, behind, target] = names.map((name) => whole(w, name)) as [number | undefined, number | undefined, number | undefined];
  const total = target === undefined ? undefined : sign * (target - size);
  const first = before ?? (total === undefined || behind === undefined ? undefined : total - behind);
  const second = behind ?? (total === undefined || first === undefined ? undefined : total - first);
  if (first === undefined || second === undefined || first < 0 || second < 0) return w.fail("BAD_MODEL", "does not say its margins");
  return [first, second];
}

function padImages(w: LayerWriter): Value {
  const x = pictures(w);
  const [, , rows, columns] = w.graphShape(x) as [number, number, number, number];
  const [above, below] = margins(w, rows, 1, ["top_padding", "bottom_padding", "target_height"]);
  const [left, right] = margins(w, columns, 1, ["left_padding", "right_padding", "target_width"]);
  return w.fromChannelsAtOne(w.emit("Pad", [x, w.ints([0, 0, above, left, 0, 0, below, right]), w.scalar(0)], { mode: "constant" }));
}

function cropImages(w: LayerWriter): Value {
  const x = pictures(w);
  const [, , rows, columns] = w.graphShape(x) as [number, number, number, number];
  const [above, below] = margins(w, rows, -1, ["top_cropping", "bottom_cropping", "target_height"]);
  const [left, right] = margins(w, columns, -1, ["left_cropping", "right_cropping", "target_width"]);
  return crop(w, x, [above, left], [rows - below, columns - right]);
}

/** The luma of red, green and blue. */
function grayscale(w: LayerWriter): Value {
  return w.fromChannelsAtOne(w.emit("Conv", [pictures(w), w.constant([0.2989, 0.587, 0.114], [1, 3, 1, 1])]));
}

const blocks = (op: "DepthToSpace" | "SpaceToDepth") => (w: LayerWriter) => {
  const blocksize = whole(w, "block_size") ?? w.fail("BAD_MODEL", "says no block size");
  return w.fromChannelsAtOne(w.emit(op, [pictures(w)], { blocksize, ...(op === "DepthToSpace" ? { mode: "DCR" } : {}) }));
};

const AUTO_PAD: Readonly<Record<string, string>> = { same: "SAME_UPPER", valid: "VALID" };

/** Pools over windows, of any number of axes. */
const pool = (op: "MaxPool" | "AveragePool") => (w: LayerWriter) => {
  const x = w.channelsAtOne(tensorOperand(w, 0, ...NAMES));
  const axes = w.graphShape(x).length - 2;
  const size = w.config.ints("pool_size", axes);
  const padding = w.config.text("padding", "valid");
  const strides = stridesOf(w, axes, size);
  const auto_pad = lookUp(AUTO_PAD, padding) ?? w.fail("UNSUPPORTED_LAYER", `pads "${padding}"`);
  return w.fromChannelsAtOne(w.emit(op, [padding === "same" ? reached(w, x, size, strides) : x], { kernel_shape: size, strides, auto_pad }));
};

/** A convolution with a constant kernel `[rows, columns, in, out]`. */
function conv(w: LayerWriter): Value {
  const x = w.channelsAtOne(tensorOperand(w, 0, ...NAMES));
  const given = operand(w, 1, "kernel");
  const kernel = given?.kind === "tensor" ? w.own(given.tensor) : constantOf(w, given?.kind === "value" ? given.value : null);
  const axes = w.graphShape(x).length - 2;
  if (w.graphShape(kernel).length !== axes + 2) w.fail("BAD_MODEL", `has a kernel of ${w.graphShape(kernel).length} axes`);
  const outFirst = w.transpose(kernel, [axes + 1, axes, ...Array.from({ length: axes }, (_, i) => i)]);
  const [strides, dilations] = [stridesOf(w, axes, new Array<number>(axes).fill(1)), w.config.ints("dilation_rate", axes, new Array<number>(axes).fill(1))];
  const pads = padsFor(w, x, w.graphShape(outFirst).slice(2), strides, dilations);
  const group = (w.graphShape(x)[1] as number) / (w.graphShape(outFirst)[1] as number);
  return w.fromChannelsAtOne(w.emit("Conv", [x, outFirst], { strides, dilations, pads, group }));
}

export const imageOperators: Operators = {
  average_pool: pool("AveragePool"),
  conv,
  crop_images: cropImages,
  depth_to_space: blocks("DepthToSpace"),
  max_pool: pool("MaxPool"),
  pad_images: padImages,
  resize: resizeImage,
  rgb_to_grayscale: grayscale,
  space_to_depth: blocks("SpaceToDepth"),
};
