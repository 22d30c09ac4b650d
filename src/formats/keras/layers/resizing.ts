// Layers that change a picture's size by interpolation.

import { lookUp } from "../ir.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { isResampling, resample } from "./resampling.ts";
import { crop } from "./reshaping.ts";

/** Attributes of Resize for the names that Keras gives interpolations; pixels have their centres at halves. */
const RESIZES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bilinear: { mode: "linear", coordinate_transformation_mode: "half_pixel" },
  // Keras for several backends, 2.2.3 to 2.3.1.
  bilinear_corners: { mode: "linear", coordinate_transformation_mode: "asymmetric" },
  nearest: { mode: "nearest", coordinate_transformation_mode: "half_pixel", nearest_mode: "round_prefer_ceil" },
};

/** `[N, C, …]` at other sizes. @throws {UNSUPPORTED_LAYER} for interpolations that are none of tf.image's */
export function resize(w: LayerWriter, x: string, sizes: readonly number[], interpolation: string, antialias = false): string {
  if (isResampling(interpolation, antialias)) return resample(w, x, sizes, interpolation, antialias);
  const attrs = lookUp(RESIZES, interpolation) ?? w.fail("UNSUPPORTED_LAYER", `interpolates by "${interpolation}"`);
  return w.emit("Resize", [x, "", "", w.ints([...w.graphShape(x).slice(0, 2), ...sizes])], attrs);
}

function upSampling(kind: string, axes: number): LayerDef {
  return {
    kind,
    emit: (w) => {
      const x = w.spatialInput(axes);
      const factors = w.config.ints("size", axes, new Array<number>(axes).fill(2));
      const interpolation = w.config.text("interpolation", "nearest");
      if (interpolation !== "nearest") {
        return w.fromChannelsAtOne(
          resize(
            w,
            x,
            w
              .graphShape(x)
              .slice(2)
              .map((size, i) => size * (factors[i] as number)),
            interpolation,
          ),
        );
      }
      const scales = w.constant([1, 1, ...factors]);
      const attrs = { mode: "nearest", coordinate_transformation_mode: "asymmetric", nearest_mode: "floor" };
      return w.fromChannelsAtOne(w.emit("Resize", [x, "", scales], attrs));
    },
  };
}

/** To a fixed height and width; squashed, or cut or padded to the right proportions first. */
const Resizing: LayerDef = {
  kind: "Resizing",
  emit: (w) => {
    const size = [w.config.int("height"), w.config.int("width")] as const;
    const flag = (name: string) => w.config.flag(name, false);
    const fitted = fitToAspect(w, w.spatialInput(2), size, {
      cut: flag("crop_to_aspect_ratio"),
      pad: flag("pad_to_aspect_ratio"),
      fill: w.config.number("fill_value", 0),
    });
    return w.fromChannelsAtOne(resize(w, fitted, size, w.config.text("interpolation", "bilinear").toLowerCase(), flag("antialias")));
  },
};

export interface Fitting {
  readonly cut: boolean;
  readonly pad: boolean;
  readonly fill: number;
}

/** The picture with the proportions of `size`, if it is to have them before it is resized. */
export function fitToAspect(w: LayerWriter, x: string, size: readonly [number, number], { cut, pad, fill }: Fitting): string {
  if (cut) return cutToAspect(w, x, size);
  return pad ? padToAspect(w, x, size, fill) : x;
}

/** The same margin on both sides, rounded down. */
function padToAspect(w: LayerWriter, x: string, [height, width]: readonly [number, number], fill: number): string {
  const [, , rows, columns] = w.graphShape(x) as [number, number, number, number];
  const margin = (to: number, from: number) => Math.trunc((Math.max(to, from) - from) / 2);
  const [above, beside] = [margin(Math.trunc((columns * height) / width), rows), margin(Math.trunc((rows * width) / height), columns)];
  return w.emit("Pad", [x, w.ints([0, 0, above, beside, 0, 0, above, beside]), w.scalar(fill)], { mode: "constant" });
}

/** The largest middle part with the proportions of `size`. */
function cutToAspect(w: LayerWriter, x: string, [height, width]: readonly [number, number]): string {
  const [, , rows, columns] = w.graphShape(x) as [number, number, number, number];
  const cropRows = Math.max(Math.min(rows, Math.trunc((columns * height) / width)), 1);
  const cropColumns = Math.max(Math.min(columns, Math.trunc((rows * width) / height)), 1);
  const [top, left] = [Math.trunc((rows - cropRows) / 2), Math.trunc((columns - cropColumns) / 2)];
  return crop(w, x, [top, left], [top + cropRows, left + cropColumns]).tensor;
}

/** The middle of the picture; pictures that are too small are resized instead. */
const CenterCrop: LayerDef = {
  kind: "CenterCrop",
  emit: (w) => {
    const x = w.spatialInput(2);
    const size = [w.config.int("height"), w.config.int("width")] as const;
    const [, , rows, columns] = w.graphShape(x) as [number, number, number, number];
    if (rows < size[0] || columns < size[1]) return w.fromChannelsAtOne(resize(w, cutToAspect(w, x, size), size, "bilinear"));
    const [top, left] = [Math.trunc((rows - size[0]) / 2), Math.trunc((columns - size[1]) / 2)];
    return crop(w, x, [top, left], [top + size[0], left + size[1]]);
  },
};

/** At inference Keras 3 passes pictures on as they are; tf.keras cuts out the middle. */
const RandomCrop: LayerDef = {
  kind: "RandomCrop",
  emit: (w) => {
    if (w.config.raw("data_format") !== undefined) return w.input;
    const x = w.spatialInput(2);
    const size = [w.config.int("height"), w.config.int("width")] as const;
    return w.fromChannelsAtOne(resize(w, cutToAspect(w, x, size), size, "bilinear"));
  },
};

export const resizingLayers: readonly LayerDef[] = [
  upSampling("UpSampling1D", 1),
  upSampling("UpSampling2D", 2),
  upSampling("UpSampling3D", 3),
  Resizing,
  CenterCrop,
  RandomCrop,
];
