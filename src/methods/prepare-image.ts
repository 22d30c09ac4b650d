// Pictures as a model's input: decoded, fitted, scaled as its preprocessing says.

import { fail } from "../errors.ts";
import { decodeImage } from "../image/decode.ts";
import type { Image } from "../image/image.ts";
import { imageToTensor, type PictureInput } from "../image/preprocess.ts";
import type { Model } from "../model.ts";
import { formatShape, itemAt, stack, type Tensor } from "../tensor/tensor.ts";

/** A decoded picture, or a PNG or JPEG file's bytes. */
export type Picture = Image | Uint8Array;

/**
 * A picture, or several as one batch, as the tensor that the model takes: `[N, C, H, W]` or `[N, H, W, C]`.
 *
 * @throws {PREPROCESS_NEEDED} if neither the model nor `openModel`'s options say how pixels are scaled
 * @throws {BAD_IMAGE} @throws {SHAPE_MISMATCH} if the model takes no pictures or leaves their size open
 * @example
 * const input = await prepareImage(model, await readFile("cat.jpg"));
 */
export async function prepareImage(model: Model, picture: Picture | readonly Picture[]): Promise<Tensor<"float32">> {
  const wanted = pictureInput(model);
  const pictures = Array.isArray(picture) ? (picture as readonly Picture[]) : [picture as Picture];
  const images = await Promise.all(pictures.map((each) => (each instanceof Uint8Array ? decodeImage(each) : each)));
  return stack(images.map((image) => itemAt(imageToTensor(image, wanted), 0)));
}

/**
 * How the model takes pictures.
 *
 * @throws {PREPROCESS_NEEDED} @throws {SHAPE_MISMATCH}
 */
export function pictureInput(model: Model): PictureInput {
  return { ...pixelInput(model), size: model.pictureSize };
}

/** How the model takes pixels, at any size. @throws {PREPROCESS_NEEDED} @throws {SHAPE_MISMATCH} */
export function pixelInput(model: Model): Omit<PictureInput, "size"> {
  const { input, preprocessing } = model;
  const { layout } = input;
  const channels = layout === "NCHW" ? input.shape[1] : input.shape.at(-1);
  if (!layout || (channels !== 1 && channels !== 3)) {
    return fail("SHAPE_MISMATCH", `The model's input "${input.name}" has shape ${formatShape(input.shape)} and takes no pictures.`, {
      hint: "Give the input as a tensor (a .npy file).",
      details: { input: input.name, shape: input.shape },
    });
  }
  const known = preprocessing ?? failPreprocessing(model);
  return { preprocessing: known, layout, channels };
}

function failPreprocessing(model: Model): never {
  return fail("PREPROCESS_NEEDED", `${model.loaded.name} does not say how pixels become its input.`, {
    hint:
      "Say how it was trained (--preprocess, openModel's preprocess): caffe (BGR minus the mean; VGG, ResNet v1), tf (−1..1; MobileNet, Inception, " +
      "Xception), torch (0..1, then mean and std; most PyTorch models), unit (0..1), raw (0..255).",
    details: { presets: ["caffe", "tf", "torch", "unit", "raw"], model: model.loaded.name },
  });
}
