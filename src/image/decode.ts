// Image files in: PNG and JPEG by their content, everything else refused by name. The same code in Node and in browsers.

import { fail, isPellucidError } from "../errors.ts";
import type { Image } from "./image.ts";
import { decodeJpeg } from "./jpeg.ts";
import { decodePng } from "./png.ts";

const decoders: Readonly<Record<string, (bytes: Uint8Array) => Image>> = { PNG: decodePng, JPEG: decodeJpeg };

/** Files that are told apart by what they begin with; `.` is any byte. */
const signatures: readonly (readonly [format: string, start: string])[] = [
  ["PNG", "\x89PNG\r\n\x1a\n"],
  ["JPEG", "\xff\xd8\xff"],
  ["GIF", "GIF8"],
  ["WebP", "RIFF....WEBP"],
  ["BMP", "BM"],
  ["TIFF", "II*\0"],
  ["TIFF", "MM\0*"],
  ["AVIF", "....ftypavif"],
  ["HEIC", "....ftyp"],
  ["JPEG XL", "\xff\x0a"],
  ["JPEG XL", "\0\0\0\x0cJXL "],
  ["JPEG 2000", "\0\0\0\x0cjP  "],
  ["Photoshop", "8BPS"],
  ["icon", "\0\0\x01\0"],
  ["PDF", "%PDF"],
  ["NumPy", "\x93NUMPY"],
  ["SVG", "<svg"],
  ["XML", "<?xml"],
  ["HTML", "<!DOCTYPE"],
  ["HTML", "<html"],
];

/**
 * Decodes a PNG or a JPEG to RGB: any bit depth, grey, palette, alpha (composed over white), CMYK, EXIF orientation
 * applied.
 *
 * @param name the file's name, for messages
 * @throws {BAD_IMAGE} if the file is damaged, too large (over 64 megapixels) or of another format
 * @example
 * const image = await decodeImage(await readFile("cat.jpg"), "cat.jpg");
 */
export async function decodeImage(bytes: Uint8Array, name = "The picture"): Promise<Image> {
  const format = formatOf(bytes);
  const decode = decoders[format ?? ""];
  if (!decode) return refuse(bytes, name, format);
  try {
    return decode(bytes);
  } catch (error) {
    if (!isPellucidError(error, "BAD_IMAGE")) throw error;
    const { hint, details, cause } = error;
    return fail("BAD_IMAGE", `${name} cannot be decoded: ${error.message}.`, { hint, details: { ...details, file: name, format }, cause });
  }
}

function formatOf(bytes: Uint8Array): string | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 16));
  return signatures.find(([, signature]) => [...signature].every((c, i) => c === "." || start[i] === c))?.[0];
}

function refuse(bytes: Uint8Array, name: string, format: string | undefined): never {
  const details = { file: name, format, byteLength: bytes.length };
  if (bytes.length === 0) fail("BAD_IMAGE", `${name} is empty.`, { hint: "Get the file again.", details });
  if (!format) {
    fail("BAD_IMAGE", `${name} is not a picture: it begins like no image format.`, { hint: "Give a PNG or a JPEG.", details });
  }
  fail("BAD_IMAGE", `${name} is a ${format} file; PNG and JPEG are read.`, { hint: hintFor(format), details });
}

function hintFor(format: string): string {
  if (format === "HTML") return "A download probably gave an error page instead of the picture: get the file again.";
  if (format === "NumPy") return "Name it with the ending .npy to use it as the model's input tensor.";
  return "Open it in an image editor and save it as PNG or JPEG.";
}
