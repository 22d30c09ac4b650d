// Whether every layer of a model can be translated, asked before anything is built.

import { fail } from "../../errors.ts";
import { type Json, type KerasLayer, type KerasModel, lookUp } from "./ir.ts";
import { activationFunctions, activationLayer } from "./layers/activate.ts";
import { quantizationOf } from "./layers/quantization.ts";
import { findLayer } from "./layers/table.ts";
import { refusedOperators } from "./operators/refused.ts";
import { findOperator, operatorName } from "./operators/table.ts";
import { allLayers } from "./weight-slots.ts";

/** @throws {UNSUPPORTED_LAYER} for the first layer that is a function of the user's own, not in the table, or quantized in a way that is not known */
export function checkSupported(model: KerasModel): void {
  for (const layer of allLayers(model)) {
    if (!isSupported(layer)) failUnsupported(layer);
    if (!layer.operator && !layer.model) checkQuantization(layer);
    for (const option of ["activation", "recurrent_activation"]) if (!layer.operator) checkActivation(layer, layer.config[option] ?? "linear");
  }
}

/** Whether the quantization is known. TimeDistributed calls its layer as if it were not quantized: integers without scales. */
function checkQuantization(layer: KerasLayer): void {
  quantizationOf(layer);
  const inner = layer.kind === "TimeDistributed" ? layer.wrapped?.[0] : undefined;
  if (!inner || inner.model || !quantizationOf(inner)) return;
  fail("UNSUPPORTED_LAYER", `Layer "${layer.name}" (TimeDistributed) holds the quantized layer "${inner.name}", whose scales Keras itself leaves out there.`, {
    hint: "Save the model before it is quantized.",
    details: { layer: layer.name, class: layer.kind },
  });
}

/** A name of Keras's, or a layer that is in the table. */
function checkActivation(layer: KerasLayer, activation: Json): void {
  const stand = activationLayer(activation, layer.name);
  if (stand ? isSupported(stand) : lookUp(activationFunctions, String(activation)) !== undefined) return;
  const name = stand?.kind ?? (typeof activation === "string" ? activation : undefined);
  const what =
    name === undefined || name.includes("lambda")
      ? "a function of the user's own as its activation, whose Python code Pellucid does not run"
      : `the activation "${name}", which Pellucid does not know`;
  fail("UNSUPPORTED_LAYER", `Layer "${layer.name}" (${layer.kind}) has ${what}.`, {
    hint: "Use an activation that Keras has by name, or export the model to ONNX.",
    details: { layer: layer.name, class: layer.kind, activation: name },
  });
}

function isSupported(layer: KerasLayer): boolean {
  if (layer.model || layer.kind === "InputLayer") return true;
  return layer.operator ? findOperator(layer) !== undefined : findLayer(layer.kind) !== undefined;
}

/** Keras's own classes that are refused: of texts, sounds and tables, those that run other software, and some that few have. */
const NOT_READ = [
  "DenseFeatures",
  "FlaxLayer",
  "HashedCrossing",
  "Hashing",
  "JaxLayer",
  "RNN",
  "StringLookup",
  "TFSMLayer",
  "TextVectorization",
  "TorchModuleWrapper",
];

function hintFor(className: string): string {
  if (className === "RNN") return "Its cell is none of LSTMCell, GRUCell and SimpleRNNCell; use their layers, or export the model to ONNX.";
  if (className === "StringLookup" || className === "TextVectorization")
    return "Its inputs are texts, and Pellucid's are numbers: look texts up before the model, and save the model without it.";
  if (className === "Hashing" || className === "HashedCrossing")
    return "Its hash is of numbers written out as text, which ONNX does not compute: hash before the model, and save the model without it.";
  return "Do this step before the model, and save the model without it; or export the model to ONNX.";
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
    const reason = lookUp(refusedOperators, operatorName(layer));
    const why = reason === undefined ? "which Pellucid does not know" : `which Pellucid does not read: ${reason}`;
    return fail("UNSUPPORTED_LAYER", `"${layer.name}" is the operation ${layer.config.function ?? layer.className}, ${why}.`, {
      hint: "Replace it by layers of Keras, or export the model to ONNX.",
      details,
    });
  }
  if (NOT_READ.includes(layer.className)) {
    return fail("UNSUPPORTED_LAYER", `Layer "${layer.name}" is a ${layer.className}, a layer of Keras that Pellucid does not read.`, {
      hint: hintFor(layer.className),
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
