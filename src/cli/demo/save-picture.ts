// Pictures of the page, saved beside it.

import { encodePng, type Image } from "pellucid";
import type { OutputFolder } from "../output-folder.ts";
import type { Picture } from "./results.ts";

/** Saves a picture as PNG; the page refers to it by name. */
export async function savePicture(folder: OutputFolder, name: string, image: Image): Promise<Picture> {
  const file = `${folder.stem(name)}.png`;
  await folder.save(file, encodePng(image));
  return { file, width: image.width, height: image.height };
}
