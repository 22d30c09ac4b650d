// Layers that change a picture's size by interpolation.

import { lookUp } from "../ir.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { crop } from "./reshaping.ts";

/** Attributes of Resize for the names that Keras gives interpolations; pixels have their centres at halves. */
const RESIZES: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  bilinear: { mode: "linear", coordinate_transformation_mode: "half_pixel" },
  // Keras for several backends, 2.2.3 to 2.3.1.
  bilinear_corners: { mode: "linear", coordinate_transformation_mode: "asymmetric" },
  nearest: { mode: "nearest", coordinate_transformation_mode: "half_pixel", nearest_mode: "round_prefer_ceil" },
  bicubic: { mode: "cubic", coordinate_transformation_mode: "half_pixel", cubic_coeff_a: -0.5, exclude_outside: 1 },
};

/** `[N, C, …]` at other sizes. @throws {UNSUPPORTED_LAYER} for other interpolations */
export function resize(w: LayerWriter, x: string, sizes: readonly number[], interpolation: string): string {
  const attrs =
    lookUp(RESIZES, interpolation) ?? w.fail("UNSUPPORTED_LAYER", `interpolates by "${interpolation}"`, 'Pellucid knows "nearest", "bilinear" and "bicubic".');
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

/** To a fixed height and width; squashed, or cut to the right proportions first. */
const Resizing: LayerDef = {
  kind: "Resizing",
  emit: (w) => {
    for (const option of ["pad_to_aspect_ratio", "antialias"]) {
      if (w.config.flag(option, false)) w.fail("UNSUPPORTED_LAYER", `uses ${option}`, "Resize the pictures before, and leave this layer out.");
    }
    const x = w.spatialInput(2);
    const size = [w.config.int("height"), w.config.int("width")] as const;
    const cut = w.config.flag("crop_to_aspect_ratio", false) ? cutToAspect(w, x, size) : x;
    return w.fromChannelsAtOne(resize(w, cut, size, w.config.text("interpolation", "bilinear").toLowerCase()));
  },
};

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
