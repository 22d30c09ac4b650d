// What a JPEG says of itself before its image data: size, kind, orientation.
// Source: ITU-T T.81, annex B; the Adobe marker: Adobe Technical Note 5116.

import { fail } from "../errors.ts";
import { damaged } from "./bad-image.ts";
import type { Sampling } from "./jpeg-color.ts";
import { exifOrientation } from "./orientation.ts";

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1..8. */
  readonly orientation: number;
  /** What three components are: luma and chroma, or red, green and blue. `other`: one component or four. */
  readonly color: "ycc" | "rgb" | "other";
  /** Pixels that a sample covers, by component. */
  readonly sampling: readonly Sampling[];
  /** Where the Adobe marker says which colour transform was used. */
  readonly adobeTransformAt: number | undefined;
}

interface Frame {
  readonly width: number;
  readonly height: number;
  readonly components: readonly { readonly id: number; readonly h: number; readonly v: number }[];
}

/** Reads the markers up to the first scan. @throws {BAD_IMAGE} if it is no JPEG that can be decoded */
export function readJpegHeader(bytes: Uint8Array): JpegHeader {
  let frame: Frame | undefined;
  let orientation = 1;
  let adobeTransformAt: number | undefined;
  for (const { marker, body } of segments(bytes)) {
    if (isFrame(marker)) frame = readFrame(marker, body);
    if (marker === 0xe1 && startsWith(body, "Exif\0\0")) orientation = exifOrientation(body.subarray(6));
    if (marker === 0xee && startsWith(body, "Adobe") && body.length > 11) adobeTransformAt = body.byteOffset - bytes.byteOffset + 11;
  }
  if (!frame) return damaged("it ends before its size is said");
  const { width, height } = frame;
  const transform = adobeTransformAt === undefined ? undefined : bytes[adobeTransformAt];
  return { width, height, orientation, color: colorOf(frame, transform), sampling: samplingOf(frame), adobeTransformAt };
}

function colorOf({ components }: Frame, adobeTransform: number | undefined): JpegHeader["color"] {
  if (components.length !== 3) return "other";
  const namedRgb = String.fromCharCode(...components.map(({ id }) => id)) === "RGB";
  return adobeTransform === 0 || (adobeTransform === undefined && namedRgb) ? "rgb" : "ycc";
}

function samplingOf({ components }: Frame): Sampling[] {
  const across = Math.max(...components.map(({ h }) => h));
  const down = Math.max(...components.map(({ v }) => v));
  return components.map(({ h, v }) => ({ x: across / h, y: down / v }));
}

/** Marker segments between the start of the file and the first scan. */
function* segments(bytes: Uint8Array): Generator<{ marker: number; body: Uint8Array }> {
  let at = 2;
  while (at + 4 <= bytes.length) {
    const marker = bytes[at + 1] as number;
    if (bytes[at] !== 0xff || marker === 0xff) {
      at++;
      continue;
    }
    if (marker === 0xda || marker === 0xd9) return;
    const length = ((bytes[at + 2] as number) << 8) | (bytes[at + 3] as number);
    yield { marker, body: bytes.subarray(at + 4, at + 2 + length) };
    at += 2 + Math.max(2, length);
  }
}

/** SOF markers: all of C0..CF but the tables DHT, JPG and DAC. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

function readFrame(marker: number, body: Uint8Array): Frame {
  if (body.length < 6) damaged("its frame header is cut short");
  if (marker > 0xc2) refuse(marker >= 0xc9 ? "arithmetic coding" : "lossless or hierarchical coding");
  if (body[0] !== 8) refuse(`${body[0]} bits a sample`);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const count = body[5] as number;
  if (count !== 1 && count !== 3 && count !== 4) refuse(`${count} components`);
  if (body.length < 6 + 3 * count) damaged("its frame header is cut short");
  const components = Array.from({ length: count }, (_, i) => readComponent(body.subarray(6 + 3 * i)));
  return { width: view.getUint16(3), height: view.getUint16(1), components };
}

function readComponent([id, factors]: Uint8Array): Frame["components"][number] {
  const [h, v] = [(factors as number) >> 4, (factors as number) & 15];
  if (h < 1 || h > 4 || v < 1 || v > 4) damaged(`a component is sampled ${h}×${v}`);
  return { id: id as number, h, v };
}

function refuse(what: string): never {
  return fail("BAD_IMAGE", `it is a JPEG with ${what}, which is not read`, { hint: "Open it in an image editor and save it as an ordinary JPEG or PNG." });
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return bytes.length > text.length && [...text].every((c, i) => bytes[i] === c.charCodeAt(0));
}
