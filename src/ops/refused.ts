// Operators that are refused on purpose, and what can be done about them.

const controlFlow =
  "Export the model with fixed sizes, so that no control flow is left in it (for example with onnx-simplifier, or torch.onnx.export(dynamo=True)).";
const postprocessing = "Cut the model before its post-processing: how many boxes it finds depends on the picture.";

/** Hints by operator of the standard domain. */
export const refused: Readonly<Record<string, string>> = {
  If: controlFlow,
  Loop: controlFlow,
  Scan: controlFlow,
  NonMaxSuppression: postprocessing,
  Unique: postprocessing,
};
