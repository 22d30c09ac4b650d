// Pictures of the page, saved beside it.

import { encodePng, type Image } from "pellucid";
import type { OutputFolder } from "../output-folder.ts";
import type { Picture } from "./results.ts";

/** Saves a picture as PNG; its name holds all parts. */
export async function savePicture(folder: OutputFolder, parts: string, image: Image): Promise<Picture> {
  const file = `${folder.stem(parts)}.png`;
  await folder.save(file, encodePng(image));
  return { file, width: image.width, height: image.height };
}
