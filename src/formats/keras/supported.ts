// Whether every layer of a model can be translated, asked before anything is built.

import { fail } from "../../errors.ts";
import type { KerasLayer, KerasModel } from "./ir.ts";
import { findLayer } from "./layers/table.ts";
import { findOperator } from "./operators/table.ts";
import { allLayers } from "./weight-slots.ts";

/** @throws {UNSUPPORTED_LAYER} for the first layer that is a function of the user's own, or not in the table */
export function checkSupported(model: KerasModel): void {
  for (const layer of allLayers(model)) if (!isSupported(layer)) failUnsupported(layer);
}

function isSupported(layer: KerasLayer): boolean {
  if (layer.model || layer.kind === "InputLayer") return true;
  return layer.operator ? findOperator(layer) !== undefined : findLayer(layer.kind) !== undefined;
}

function failUnsupported(layer: KerasLayer): never {
  const details = { layer: layer.name, class: layer.className };
  if (layer.className === "Lambda") {
    return fail("UNSUPPORTED_LAYER", `Layer "${layer.name}" is a Lambda: its Python code is in the file, and Pellucid runs no code from files.`, {
      hint: "Replace the Lambda by layers of Keras (Rescaling, Activation, Multiply …) or export the model to ONNX.",
      details,
    });
  }
  if (layer.operator) {
    return fail("UNSUPPORTED_LAYER", `"${layer.name}" is the operation ${layer.config.function ?? layer.className}, which Pellucid does not know.`, {
      hint: "Replace it by layers of Keras, or export the model to ONNX.",
      details,
    });
  }
  return fail(
    "UNSUPPORTED_LAYER",
    `Layer "${layer.name}" is of the class "${layer.className}", which Pellucid does not know; a layer of your own has its code outside the file.`,
    {
      hint: "Replace it by layers of Keras, or export the model to ONNX.",
      details,
    },
  );
}
