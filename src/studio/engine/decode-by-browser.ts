// Pictures that the library does not decode (WebP, AVIF, GIF …) are decoded by the browser, if it can.

import { type Image, isPellucidError } from "pellucid";

/** @param refused why the library did not decode it; thrown again where the browser cannot either */
export async function decodeByBrowser(picture: Blob, refused: unknown): Promise<Image> {
  if (!isPellucidError(refused, "BAD_IMAGE") || !isOtherFormat(refused.details.format)) throw refused;
  const bitmap = await createImageBitmap(picture).catch(() => Promise.reject(refused));
  const { width, height } = bitmap;
  const context = new OffscreenCanvas(width, height).getContext("2d") as OffscreenCanvasRenderingContext2D;
  context.fillStyle = "white";
  context.fillRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return { width, height, data: withoutAlpha(context.getImageData(0, 0, width, height).data) };
}

function isOtherFormat(format: unknown): boolean {
  return typeof format === "string" && format !== "PNG" && format !== "JPEG";
}

function withoutAlpha(rgba: Uint8ClampedArray): Uint8Array {
  return Uint8Array.from({ length: (rgba.length / 4) * 3 }, (_, i) => rgba[Math.floor(i / 3) * 4 + (i % 3)] as number);
}
