// Whether a model brings pictures to its range by itself.

import type { PreprocessingGuess } from "../loaded-model.ts";
import { tensorsOfCall } from "./ir.ts";
import { identityLayers } from "./layers/identity.ts";
import type { Plan, Step } from "./plan.ts";

/** Layers that may stand between the input and the one that rescales. */
const PASSED = new Set([...identityLayers.map(({ kind }) => kind), "Functional", "Sequential", "Resizing", "CenterCrop", "RandomCrop", "ZeroPadding2D"]);

/** `raw` if the first layer that changes the values of the input rescales or normalizes them. */
export function guessPreprocessing({ steps, inputs }: Plan): PreprocessingGuess | undefined {
  const reached = new Set(inputs.map(({ step }) => step));
  for (const [i, step] of steps.entries()) {
    if (!tensorsOfCall(step.call).some((from) => reached.has(from.step))) continue;
    if (step.layer.kind === "Rescaling" || step.layer.kind === "Normalization") return { preset: "raw", reason: describe(step) };
    if (PASSED.has(step.layer.kind)) reached.add(i);
  }
  return undefined;
}

function describe({ path, layer }: Step): string {
  if (layer.kind === "Normalization") return `layer "${path}" normalizes the picture`;
  const scale = layer.config.scale;
  const factor = typeof scale !== "number" ? "each channel" : scale < 1 && scale > 0 ? `by 1/${Number((1 / scale).toPrecision(6))}` : `by ${scale}`;
  return `layer "${path}" scales ${factor}`;
}
