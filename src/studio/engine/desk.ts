// What lies on the worker's desk: the open model, the picture, and the picture as the model's input.

import { fail, type Image, type Model, prepareImage, type Tensor } from "pellucid";

interface Desk {
  model: Model | undefined;
  picture: Image | undefined;
  input: Tensor<"float32"> | undefined;
}

const desk: Desk = { model: undefined, picture: undefined, input: undefined };

/** Puts another model there; the one before is freed. */
export async function putModel(model: Model): Promise<void> {
  const before = desk.model;
  Object.assign(desk, { model, input: undefined });
  await before?.dispose();
}

export function putPicture(picture: Image): void {
  Object.assign(desk, { picture, input: undefined });
}

export function currentModel(): Model {
  return desk.model ?? fail("BAD_ARGUMENT", "No model is open.", { hint: "Open a model first." });
}

export function currentPicture(): Image {
  return desk.picture ?? fail("BAD_ARGUMENT", "There is no picture.", { hint: "Open, drop or paste a picture first." });
}

/** The picture as the model's input; prepared once. @throws {PREPROCESS_NEEDED} */
export async function currentInput(): Promise<Tensor<"float32">> {
  desk.input ??= await prepareImage(currentModel(), currentPicture());
  return desk.input;
}
