// JPEG pictures to 8-bit RGB, upright.

import jpeg from "jpeg-js";
import { checkSize, damaged, MAX_PIXELS } from "./bad-image.ts";
import type { Image } from "./image.ts";
import { yccToRgb } from "./jpeg-color.ts";
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
  const image = decodeComponents(bytes, header);
  if (header.color === "ycc") yccToRgb(image, header.sampling);
  return image;
}

/** Grey and CMYK come out as RGB; three components as they are stored. */
function decodeComponents(bytes: Uint8Array, header: JpegHeader): Image {
  try {
    const { width, height, data } = jpeg.decode(header.color === "ycc" ? withoutTransform(bytes, header) : bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      colorTransform: header.color === "other" ? undefined : false,
      maxResolutionInMP: MAX_PIXELS / 1e6,
      maxMemoryUsageInMB: MAX_MEGABYTES,
    });
    return { width, height, data };
  } catch (cause) {
    return damaged(`its image data is cut short or broken (${(cause as Error).message})`, cause);
  }
}

/** The file with its Adobe marker saying "no transform": jpeg-js would apply one whatever its option says. */
function withoutTransform(bytes: Uint8Array, { adobeTransformAt }: JpegHeader): Uint8Array {
  if (adobeTransformAt === undefined) return bytes;
  const copy = bytes.slice();
  copy[adobeTransformAt] = 0;
  return copy;
}
