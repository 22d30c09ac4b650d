// What a heatmap is laid over: the photo with the part that the model saw, or the picture that an input tensor stands for.

import { deprocess, type Image, type Model, type Tensor, tensorToImage, toFloat32, type Window, windowOf } from "pellucid";
import type { ModelPicture } from "./read-picture.ts";

export interface Backdrop {
  readonly image: Image;
  /** The part that the model saw. */
  readonly window: Window;
}

/** Undefined where the input is no picture. */
export function backdropOf(model: Model, { photo, input }: ModelPicture): Backdrop | undefined {
  if (photo) return { image: photo, window: windowOf(photo, model.pictureSize, model.preprocessing?.resize ?? "squash") };
  const image = imageOf(model, toFloat32(input));
  return image && { image, window: { x: 0, y: 0, width: image.width, height: image.height } };
}

function imageOf({ input: { layout }, preprocessing }: Model, input: Tensor<"float32">): Image | undefined {
  const channels = layout === "NCHW" ? input.shape[1] : input.shape[3];
  if (!layout || (channels !== 1 && channels !== 3)) return undefined;
  return preprocessing ? tensorToImage(input, { preprocessing, layout }) : deprocess(input, { layout });
}
