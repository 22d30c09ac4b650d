// Layers that do nothing once a network is trained: dropout, noise and augmentation.

import { type LayerDef, sameFor } from "./define.ts";

const noise = [
  "ActivityRegularization",
  "AlphaDropout",
  "Dropout",
  "FixedDropout",
  "GaussianDropout",
  "GaussianNoise",
  "Identity",
  "SpatialDropout1D",
  "SpatialDropout2D",
  "SpatialDropout3D",
  "StochasticDepth",
];

const augmentations = [
  "AugMix",
  "CutMix",
  "Equalization",
  "MaxNumBoundingBoxes",
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
];

export const identityLayers: readonly LayerDef[] = sameFor([...noise, ...augmentations], { emit: (w) => w.input });
