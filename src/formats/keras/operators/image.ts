// Operations on pictures: sizes, margins, colours, filters.

import { add, compare, div, mul, sub } from "../../../ops/formula.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import { movingMatrix } from "../layers/resampling.ts";
import { crop } from "../layers/reshaping.ts";
import { fitToAspect, resize } from "../layers/resizing.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { axesOption, intOption, number, numberOption, option, ownOperand, tensorOperand, valueOperand } from "./operands.ts";
import { part } from "./reduction.ts";

const NAMES = ["images", "image", "inputs", "x"] as const;

/** A plain value that is only ever given by name. */
const named = (w: LayerWriter, name: string) => option(w, Number.POSITIVE_INFINITY, name);

function whole(w: LayerWriter, name: string): number | undefined {
  const value = named(w, name);
  return value === undefined || (typeof value === "number" && Number.isSafeInteger(value))
    ? value
    : w.fail("BAD_MODEL", `has "${name}" ${JSON.stringify(value)}`);
}

/** The operand's pictures as `[N, C, H, W]` made into others; a picture alone counts as a batch of one. */
export function ofPictures(w: LayerWriter, write: (x: string) => string): Value {
  const value = tensorOperand(w, 0, ...NAMES);
  const rank = w.shape(value).length;
  if (rank !== 3 && rank !== 4) w.fail("UNSUPPORTED_LAYER", `takes pictures, but its input has ${rank} axes`);
  const batch = rank === 4 ? value : w.fromOwn(w.emit("Unsqueeze", [w.own(value), w.ints([0])]));
  const result = w.fromChannelsAtOne(write(number(w, w.channelsAtOne(batch))));
  return rank === 4 ? result : w.fromOwn(w.emit("Squeeze", [w.own(result), w.ints([0])]));
}

function resizeImage(w: LayerWriter): Value {
  const size = axesOption(w, 1, "size") ?? w.fail("BAD_MODEL", "says no size");
  if (size.length !== 2) w.fail("BAD_MODEL", `resizes to ${size.length} sizes`);
  if (named(w, "preserve_aspect_ratio") === true) w.fail("UNSUPPORTED_LAYER", "uses preserve_aspect_ratio");
  const interpolation = String(option(w, 2, "interpolation", "method") ?? "bilinear");
  const fill = named(w, "fill_value");
  const fitting = { cut: named(w, "crop_to_aspect_ratio") === true, pad: named(w, "pad_to_aspect_ratio") === true, fill: typeof fill === "number" ? fill : 0 };
  return ofPictures(w, (x) =>
    resize(w, fitToAspect(w, x, [size[0] as number, size[1] as number], fitting), size, interpolation, named(w, "antialias") === true),
  );
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
  return ofPictures(w, (x) => {
    const [, , rows, columns] = w.graphShape(x) as [number, number, number, number];
    const [above, below] = margins(w, rows, 1, ["top_padding", "bottom_padding", "target_height"]);
    const [left, right] = margins(w, columns, 1, ["left_padding", "right_padding", "target_width"]);
    return w.emit("Pad", [x, w.ints([0, 0, above, left, 0, 0, below, right]), w.scalar(0)], { mode: "constant" });
  });
}

function cropImages(w: LayerWriter): Value {
  return ofPictures(w, (x) => {
    const [, , rows, columns] = w.graphShape(x) as [number, number, number, number];
    const [above, below] = margins(w, rows, -1, ["top_cropping", "bottom_cropping", "target_height"]);
    const [left, right] = margins(w, columns, -1, ["left_cropping", "right_cropping", "target_width"]);
    return crop(w, x, [above, left], [rows - below, columns - right]).tensor;
  });
}

/** The luma of red, green and blue. */
const grayscale = (w: LayerWriter) => ofPictures(w, (x) => w.emit("Conv", [x, w.constant([0.2989, 0.587, 0.114], [1, 3, 1, 1])]));

/** One channel three times. */
const toColours = (w: LayerWriter) => ofPictures(w, (x) => w.emit("Tile", [x, w.ints([1, 3, 1, 1])]));

/** Each picture with mean 0 and deviation 1; the deviation counts as at least 1/√n of n numbers. */
const standardize = (w: LayerWriter) =>
  ofPictures(w, (x) => {
    const mean = (t: string) => w.emit("ReduceMean", [t, w.ints([1, 2, 3])], { keepdims: 1 });
    const centered = sub(w, x, mean(x));
    const count = w
      .graphShape(x)
      .slice(1)
      .reduce((n, d) => n * d, 1);
    return div(w, centered, w.emit("Max", [w.emit("Sqrt", [mean(mul(w, centered, centered))]), w.scalar(1 / Math.sqrt(count))]));
  });

/** Each channel's distance from its mean made larger. */
const contrast = (w: LayerWriter) =>
  ofPictures(w, (x) => {
    const mean = w.emit("ReduceMean", [x, w.ints([2, 3])], { keepdims: 1 });
    return add(w, mul(w, sub(w, x, mean), numberOption(w, 1, 1, "contrast_factor")), mean);
  });

/** A part of pictures by its corner and size, or pictures put into larger ones. */
const boundingBox = (pad: boolean) => (w: LayerWriter) =>
  ofPictures(w, (x) => {
    const [, , rows, columns] = w.graphShape(x) as [number, number, number, number];
    const [top, left, height, width] = ["offset_height", "offset_width", "target_height", "target_width"].map((name, i) =>
      intOption(w, undefined, i + 1, name),
    ) as [number, number, number, number];
    if (!pad) return crop(w, x, [top, left], [top + height, left + width]).tensor;
    return w.emit("Pad", [x, w.ints([0, 0, top, left, 0, 0, height - rows - top, width - columns - left]), w.scalar(0)], { mode: "constant" });
  });

/** The three channels of pictures. */
function channels(w: LayerWriter, x: string): [string, string, string] {
  const count = w.graphShape(x)[1] as number;
  if (count !== 3) w.fail("BAD_MODEL", `takes pictures of three channels, but they have ${count}`);
  return [0, 1, 2].map((i) => part(w, x, 1, i, i + 1)) as [string, string, string];
}

/** Red, green and blue → hue, saturation and value, all from 0 to 1. */
function toHsv(w: LayerWriter, x: string): string {
  const [r, g, b] = channels(w, x);
  const most = w.emit("ReduceMax", [x, w.ints([1])]);
  const range = sub(w, most, w.emit("ReduceMin", [x, w.ints([1])]));
  const gray = compare(w, "Equal", range, 0);
  const sixth = div(w, 1 / 6, w.emit("Where", [gray, w.scalar(1), range]));
  const from = (a: string, c: string, turn: number) => add(w, mul(w, sixth, sub(w, a, c)), turn);
  const isMost = (channel: string) => w.emit("Equal", [channel, most]);
  const angle = w.emit("Where", [isMost(r), from(g, b, 0), w.emit("Where", [isMost(g), from(b, r, 1 / 3), from(r, g, 2 / 3)])]);
  const turned = w.emit("Where", [compare(w, "Less", angle, 0), add(w, angle, 1), angle]);
  const hue = w.emit("Where", [gray, w.scalar(0), turned]);
  const black = compare(w, "LessOrEqual", most, 0);
  const saturation = w.emit("Where", [black, w.scalar(0), div(w, range, w.emit("Where", [black, w.scalar(1), most]))]);
  return w.emit("Concat", [hue, saturation, most], { axis: 1 });
}

/** Hue, saturation and value → red, green and blue: each is v · (1 − s + s · d) with a distance d of the hue. */
function toRgb(w: LayerWriter, x: string): string {
  const [hue, saturation, value] = channels(w, x);
  const sector = mul(w, hue, 6);
  const away = (center: number) => w.emit("Abs", [sub(w, sector, center)]);
  const unit = (t: string) => w.emit("Clip", [t, w.scalar(0), w.scalar(1)]);
  const shares = [sub(w, away(3), 1), sub(w, 2, away(2)), sub(w, 2, away(4))].map(unit);
  return w.emit(
    "Concat",
    shares.map((share) => mul(w, value, add(w, sub(w, 1, saturation), mul(w, saturation, share)))),
    { axis: 1 },
  );
}

const blocks = (op: "DepthToSpace" | "SpaceToDepth") => (w: LayerWriter) => {
  const blocksize = whole(w, "block_size") ?? w.fail("BAD_MODEL", "says no block size");
  return ofPictures(w, (x) => w.emit(op, [x], { blocksize, ...(op === "DepthToSpace" ? { mode: "DCR" } : {}) }));
};

/** Every channel filtered by the same kernels `[count, 1, rows, columns]`: [N, C · count, …]. */
function filtered(
  w: LayerWriter,
  x: string,
  kernels: readonly number[],
  [count, rows, columns]: readonly [number, number, number],
  pads: readonly number[],
): string {
  const [batch, channelCount, ...sizes] = w.graphShape(x) as [number, number, ...number[]];
  const apart = w.state.graph.reshape(x, [batch * channelCount, 1, ...sizes]);
  const y = w.emit("Conv", [apart, w.constant(kernels, [count, 1, rows, columns])], { pads });
  return w.state.graph.reshape(y, [batch, channelCount * count, ...w.graphShape(y).slice(2)]);
}

/** A bell curve of `size` places that sums to 1. */
function bell(w: LayerWriter, size: number, sigma: number): number[] {
  if (!(size >= 1 && size <= 1024)) w.fail("BAD_MODEL", `blurs by ${size} pixels`);
  const weights = Array.from({ length: size }, (_, i) => Math.exp(-0.5 * ((i - (size - 1) / 2) / sigma) ** 2));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

/** Products of every number of one with every number of the other. */
const products = (a: readonly number[], b: readonly number[]) => a.flatMap((x) => b.map((y) => x * y));

function gaussianBlur(w: LayerWriter): Value {
  const size = w.config.ints("kernel_size", 2, [3, 3]) as [number, number];
  const sigma = w.config.numbers("sigma", [1, 1]);
  // As Keras: the rows of the kernel are the curve over the columns, which only differs where both are not the same.
  const kernel = products(bell(w, size[1], sigma[1] ?? (sigma[0] as number)), bell(w, size[0], sigma[0] as number));
  const before = size.map((n) => Math.floor((n - 1) / 2));
  return ofPictures(w, (x) => filtered(w, x, kernel, [1, ...size], [...before, ...size.map((n, i) => n - 1 - (before[i] as number))]));
}

/** Slopes down and to the right: [N, H, W, C, 2]. */
function sobelEdges(w: LayerWriter): Value {
  const down = products([-1, 0, 1], [1, 2, 1]);
  const right = products([1, 2, 1], [-1, 0, 1]);
  const x = w.channelsAtOne(tensorOperand(w, 0, ...NAMES));
  const wide = w.emit("Pad", [x, w.ints([0, 0, 1, 1, 0, 0, 1, 1])], { mode: "reflect" });
  const y = filtered(w, wide, [...down, ...right], [2, 3, 3], [0, 0, 0, 0]);
  const [batch, count, rows, columns] = w.graphShape(x) as [number, number, number, number];
  const apart = w.state.graph.reshape(y, [batch, count, 2, rows, columns]);
  return w.fromOwn(w.transpose(apart, w.channelsFirst ? [0, 1, 3, 4, 2] : [0, 3, 4, 1, 2]));
}

/** Structural similarity: Wang et al., Image quality assessment: from error visibility to structural similarity (2004). */
function ssim(w: LayerWriter): Value {
  const size = w.config.int("filter_size", 11);
  const curve = bell(w, size, w.config.number("filter_sigma", 1.5));
  const [c1, c2] = (["k1", "k2"] as const).map((name, i) => (w.config.number(name, i === 0 ? 0.01 : 0.03) * w.config.number("max_val", 1)) ** 2) as [
    number,
    number,
  ];
  const pictures = [valueOperand(w, 0, "image1"), valueOperand(w, 1, "image2")];
  const alone = w.shape(pictures[0] as Value).length === 3;
  const [a, b] = pictures.map((value) => w.channelsAtOne(alone ? w.fromOwn(w.emit("Unsqueeze", [w.own(value), w.ints([0])])) : value)) as [string, string];
  const mean = (x: string) => filtered(w, x, products(curve, curve), [1, size, size], [0, 0, 0, 0]);
  const [m, n] = [mean(a), mean(b)];
  const spread = (x: string, y: string, of: string, and: string) => sub(w, mean(mul(w, x, y)), mul(w, of, and));
  const numerator = mul(w, add(w, mul(w, mul(w, m, n), 2), c1), add(w, mul(w, spread(a, b, m, n), 2), c2));
  const power = add(w, add(w, mul(w, m, m), mul(w, n, n)), c1);
  const denominator = mul(w, power, add(w, add(w, spread(a, a, m, m), spread(b, b, n, n)), c2));
  return { tensor: w.emit("ReduceMean", [div(w, numerator, denominator), w.ints(alone ? [0, 1, 2, 3] : [1, 2, 3])], { keepdims: 0 }) };
}

/** Along some axes moved and scaled: every place is a weighted sum of the places that lie around it. */
function scaleAndTranslate(w: LayerWriter): Value {
  const numbers = (i: number, name: string) =>
    w.state.graph.value(ownOperand(w, i, name)) ?? w.fail("UNSUPPORTED_LAYER", `has a ${name} that depends on the picture`);
  const sizes = axesOption(w, 1, "output_shape") ?? w.fail("BAD_MODEL", "says no shape");
  const [scale, translation] = [numbers(2, "scale"), numbers(3, "translation")];
  const x = ownOperand(w, 0, "images");
  const axes = (axesOption(w, 9, "spatial_dims") ?? []).map((axis) => w.axis({ tensor: x }, axis));
  const method = w.config.text("method");
  const moved = axes.reduce((y, axis, i) => {
    const matrix = movingMatrix(
      w,
      [w.graphShape(y)[axis] as number, sizes[axis] as number],
      [scale[i] as number, translation[i] as number],
      method,
      w.config.flag("antialias", true),
    );
    const last = w.graphShape(y).map((_, k) => k);
    [last[axis], last[last.length - 1]] = [last.length - 1, axis];
    return w.transpose(w.emit("MatMul", [w.transpose(y, last), matrix]), last);
  }, x);
  return w.fromOwn(moved);
}

export const imageOperators: Operators = {
  adjust_brightness: (w) => ofPictures(w, (x) => add(w, x, numberOption(w, 0, 1, "delta"))),
  adjust_contrast: contrast,
  crop_images: cropImages,
  crop_to_bounding_box: boundingBox(false),
  depth_to_space: blocks("DepthToSpace"),
  gaussian_blur: gaussianBlur,
  grayscale_to_rgb: toColours,
  hsv_to_rgb: (w) => ofPictures(w, (x) => toRgb(w, x)),
  pad_images: padImages,
  pad_to_bounding_box: boundingBox(true),
  per_image_standardization: standardize,
  resize: resizeImage,
  rgb_to_grayscale: grayscale,
  rgb_to_hsv: (w) => ofPictures(w, (x) => toHsv(w, x)),
  scale_and_translate: scaleAndTranslate,
  sobel_edges: sobelEdges,
  space_to_depth: blocks("SpaceToDepth"),
  ssim,
};
