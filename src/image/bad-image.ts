// The errors of pictures that cannot be decoded, and the limit on their size.

import { fail } from "../errors.ts";

/** Pictures of more pixels than this are refused: 64 megapixels, 192 MB decoded. */
export const MAX_PIXELS = 64_000_000;

/** The file is broken. @throws {BAD_IMAGE} */
export function damaged(what: string, cause?: unknown): never {
  return fail("BAD_IMAGE", `it is damaged: ${what}`, { hint: "Get the file again, or open it in an image editor and save it anew.", cause });
}

/** Checks a picture's size before memory is taken. @throws {BAD_IMAGE} */
export function checkSize(width: number, height: number): void {
  if (width < 1 || height < 1) damaged(`its size is ${width}×${height}`);
  if (width * height <= MAX_PIXELS) return;
  fail("BAD_IMAGE", `it is too large: ${width}×${height} pixels, and ${MAX_PIXELS / 1e6} megapixels is the limit`, {
    hint: "Make it smaller first; a model sees a few hundred pixels a side.",
    details: { width, height, limit: MAX_PIXELS },
  });
}
