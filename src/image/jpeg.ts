// JPEG pictures to 8-bit RGB, upright.

import jpeg from "jpeg-js";
import { isPellucidError } from "../errors.ts";
import { checkSize, damaged, MAX_PIXELS } from "./bad-image.ts";
import type { Image } from "./image.ts";
import { type JpegHeader, readJpegHeader } from "./jpeg-header.ts";
import { upright } from "./orientation.ts";

/** Memory for the decoder: what 64 megapixels without chroma subsampling take. */
const MAX_MEGABYTES = 1536;
/** Pixels that one byte can hold at most: a block of 8×8 takes a bit or more. */
const PIXELS_PER_BYTE = 512;

/**
 * Decodes a baseline or progressive JPEG: grey, colour, CMYK. EXIF orientation is applied.
 *
 * @throws {BAD_IMAGE}
 */
export function decodeJpeg(bytes: Uint8Array): Image {
  const header = readJpegHeader(bytes);
  checkSize(header.width, header.height);
  if (header.width * header.height > bytes.length * PIXELS_PER_BYTE) {
    damaged(`it has ${bytes.length} bytes, far too few for ${header.width}×${header.height} pixels`);
  }
  return upright(decodeBlocks(bytes, header), header.orientation);
}

function decodeBlocks(bytes: Uint8Array, header: JpegHeader): Image {
  try {
    const { width, height, data } = jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      colorTransform: header.storesRgb ? false : undefined,
      maxResolutionInMP: MAX_PIXELS / 1e6,
      maxMemoryUsageInMB: MAX_MEGABYTES,
    });
    return { width, height, data };
  } catch (cause) {
    if (isPellucidError(cause)) throw cause;
    return damaged((cause as Error).message, cause);
  }
}
