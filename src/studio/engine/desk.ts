// What lies on the worker's desk: the open model, the picture, and the picture as the model's input.

import { fail, type Image, type Model, prepareImage, type Tensor, type Window, windowOf } from "pellucid";

/** A photo, or an input tensor with the picture that it stands for. */
export interface DeskPicture {
  readonly image: Image;
  /** Batch first, in the model's own layout; undefined for a photo. */
  readonly tensor?: Tensor<"float32">;
}

interface Desk {
  model: Model | undefined;
  picture: DeskPicture | undefined;
  input: Tensor<"float32"> | undefined;
}

const desk: Desk = { model: undefined, picture: undefined, input: undefined };

/** Puts another model there; the one before is freed. */
export async function putModel(model: Model): Promise<void> {
  const before = desk.model;
  Object.assign(desk, { model, input: undefined });
  await before?.dispose();
}

export function putPicture(picture: DeskPicture): void {
  Object.assign(desk, { picture, input: undefined });
}

export function currentModel(): Model {
  return desk.model ?? fail("BAD_ARGUMENT", "No model is open.", { hint: "Open a model first." });
}

export function currentPicture(): DeskPicture {
  return desk.picture ?? fail("BAD_ARGUMENT", "There is no picture.", { hint: "Open, drop or paste a picture first." });
}

/** The picture as the model's input; prepared once. @throws {PREPROCESS_NEEDED} */
export async function currentInput(): Promise<Tensor<"float32">> {
  const { image, tensor } = currentPicture();
  desk.input ??= tensor ?? (await prepareImage(currentModel(), image));
  return desk.input;
}

/** The part of the picture that the model sees. */
export function currentWindow(): Window {
  const model = currentModel();
  const { image, tensor } = currentPicture();
  return windowOf(image, tensor ? [image.height, image.width] : model.pictureSize, model.preprocessing?.resize ?? "squash");
}
