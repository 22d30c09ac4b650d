// Reads pictures: photos, and input tensors in .npy files.

import {
  checkAborted,
  decodeImage,
  deprocess,
  fail,
  formatShape,
  type Image,
  readNpy,
  reshape,
  resizeImage,
  type Tensor,
  tensorToImage,
  toFloat32,
} from "pellucid";
import { decodeByBrowser } from "./decode-by-browser.ts";
import { currentModel, type DeskPicture, putPicture } from "./desk.ts";
import type { Task } from "./task.ts";

/** Pixels a side that the page shows at most; the worker keeps the whole picture. */
const SHOWN_SIDE = 1024;

export const look: Task<"look"> = async ({ picture, name }, { signal }) => {
  const bytes = new Uint8Array(await picture.arrayBuffer());
  const read = /\.npy$/i.test(name) ? readTensor(bytes) : { image: await decodeImage(bytes, name).catch((error) => decodeByBrowser(picture, error)) };
  checkAborted(signal);
  putPicture(read);
  return { width: read.image.width, height: read.image.height, shown: shrink(read.image) };
};

/** The result is handed over to the page; the picture stays here. */
function shrink(image: Image): Image {
  const { width, height, data } = image;
  const scale = SHOWN_SIDE / Math.max(width, height);
  if (scale >= 1) return { width, height, data: data.slice() };
  return resizeImage(image, Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale)));
}

/** An input tensor, whose batch axis may be left out. @throws {BAD_NPY} @throws {SHAPE_MISMATCH} */
function readTensor(bytes: Uint8Array): DeskPicture {
  const { input } = currentModel();
  const array = toFloat32(readNpy(bytes));
  const tensor = array.shape.length === input.shape.length - 1 ? reshape(array, [1, ...array.shape]) : array;
  const fits =
    tensor.shape.length === input.shape.length &&
    tensor.shape[0] === 1 &&
    input.shape.every((d, i) => i === 0 || typeof d !== "number" || d === tensor.shape[i]);
  if (!fits) {
    fail("SHAPE_MISMATCH", `The model takes a tensor of shape ${formatShape(input.shape)}, not ${formatShape(array.shape)}.`, {
      hint: "Save one input in the model's own layout; its batch axis may be left out.",
      details: { wanted: input.shape, given: array.shape },
    });
  }
  return { tensor, image: pictureOf(tensor) };
}

function pictureOf(tensor: Tensor<"float32">): Image {
  const { input, preprocessing } = currentModel();
  const layout = input.layout ?? "NHWC";
  return preprocessing ? tensorToImage(tensor, { preprocessing, layout }) : deprocess(tensor, { layout });
}
