// Layers that do nothing once a network is trained: dropout, noise and augmentation.

import { type LayerDef, sameFor } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { passesOn, passesOnSince3 } from "./masks.ts";
import type { Value } from "./value.ts";

const noise = [
  "ActivityRegularization",
  "AlphaDropout",
  "Dropout",
  "FixedDropout",
  "GaussianDropout",
  "GaussianNoise",
  "SpatialDropout1D",
  "SpatialDropout2D",
  "SpatialDropout3D",
];

/** Masks end here. */
const augmentations = [
  "AugMix",
  "CutMix",
  "Equalization",
  "MixUp",
  "RandAugment",
  "RandomBrightness",
  "RandomColorDegeneration",
  "RandomColorJitter",
  "RandomContrast",
  "RandomElasticTransform",
  "RandomErasing",
  "RandomFlip",
  "RandomGaussianBlur",
  "RandomGrayscale",
  "RandomHeight",
  "RandomHue",
  "RandomInvert",
  "RandomPerspective",
  "RandomPosterization",
  "RandomRotation",
  "RandomSaturation",
  "RandomSharpness",
  "RandomShear",
  "RandomTranslation",
  "RandomWidth",
  "RandomZoom",
  "Solarization",
  "StochasticDepth",
];

/** As many boxes and labels to a picture as the layer says: cut off, or filled up with −1. */
const MaxNumBoundingBoxes: LayerDef = {
  kind: "MaxNumBoundingBoxes",
  emit: (w) => {
    const [data] = w.call.args;
    if (data?.kind !== "dict" || data.items.bounding_boxes === undefined) return w.input;
    // A dict's tensors come by its keys: those of the boxes, their labels, then all else.
    const [boxes, labels, ...rest] = w.inputs;
    return boxes && labels ? [fitted(w, boxes), fitted(w, labels), ...rest] : w.fail("BAD_MODEL", "is called with boxes, but without their labels");
  },
};

function fitted(w: LayerWriter, value: Value): Value {
  const wanted = w.config.int("max_number");
  const x = w.own(value);
  const [, size = 0, ...rest] = w.shape(value);
  if (wanted < 1 || wanted > 2 ** 20) w.fail("BAD_MODEL", `takes ${wanted} boxes`);
  if (size >= wanted) return w.fromOwn(w.emit("Slice", [x, w.ints([0]), w.ints([wanted]), w.ints([1])]));
  const pads = [0, 0, ...rest.map(() => 0), 0, wanted - size, ...rest.map(() => 0)];
  return w.fromOwn(w.emit("Pad", [x, w.ints(pads), w.scalar(-1)], { mode: "constant" }));
}

// Pictures may come with their boxes and labels, which stay as they are too.
const passed = (w: LayerWriter) => (w.inputs.length > 1 ? w.inputs : w.input);

export const identityLayers: readonly LayerDef[] = [
  ...sameFor(noise, { masks: passesOn, emit: passed }),
  ...sameFor(["Identity"], { masks: passesOnSince3, emit: passed }),
  ...sameFor(augmentations, { emit: passed }),
  MaxNumBoundingBoxes,
];
