// A PNG file taken apart: header, palette, transparency and the inflated scanlines, within bounds known from the header.
// Source: W3C, Portable Network Graphics (Third Edition), sections 5, 10 and 11.

import { Unzlib } from "fflate";
import { fail } from "../errors.ts";
import { checkSize, damaged } from "./bad-image.ts";
import { type Pass, passesOf } from "./png-passes.ts";

export interface PngHeader {
  readonly width: number;
  readonly height: number;
  /** Bits of a sample. */
  readonly depth: number;
  /** Samples of a pixel. */
  readonly samples: number;
  readonly color: "grey" | "rgb" | "palette" | "grey-alpha" | "rgb-alpha";
  readonly interlaced: boolean;
}

export interface PngFile {
  readonly header: PngHeader;
  /** RGB triples. */
  readonly palette: Uint8Array;
  /** The tRNS chunk: alphas of the palette, or the one transparent colour as 16-bit samples. Empty if there is none. */
  readonly transparency: Uint8Array;
  readonly exif: Uint8Array | undefined;
  readonly passes: readonly Pass[];
  /** Filtered scanlines of all passes. */
  readonly scanlines: Uint8Array;
}

const colors = {
  0: { color: "grey", samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { color: "rgb", samples: 3, depths: [8, 16] },
  3: { color: "palette", samples: 1, depths: [1, 2, 4, 8] },
  4: { color: "grey-alpha", samples: 2, depths: [8, 16] },
  6: { color: "rgb-alpha", samples: 4, depths: [8, 16] },
} as const;

/** Bytes that one byte of deflated data can become, at most. */
const MAX_RATIO = 1032;
const SIGNATURE_LENGTH = 8;

/** Takes a PNG file apart. @throws {BAD_IMAGE} */
export function readPngFile(bytes: Uint8Array): PngFile {
  const chunks = readChunks(bytes);
  const header = readHeader(chunks.get("IHDR")?.[0] ?? damaged("it has no header"));
  const passes = passesOf(header);
  const palette = chunks.get("PLTE")?.[0] ?? new Uint8Array();
  if (header.color === "palette" && (palette.length === 0 || palette.length % 3 !== 0)) damaged("its palette is missing or broken");
  return {
    header,
    palette,
    transparency: chunks.get("tRNS")?.[0] ?? new Uint8Array(),
    exif: chunks.get("eXIf")?.[0],
    passes,
    scanlines: inflate(
      chunks.get("IDAT") ?? damaged("it has no image data"),
      passes.reduce((n, pass) => n + pass.height * (pass.rowBytes + 1), 0),
    ),
  };
}

/** The contents of the chunks that decoding needs, by type; others are skipped unread. */
function readChunks(bytes: Uint8Array): Map<string, Uint8Array[]> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const chunks = new Map<string, Uint8Array[]>();
  for (let at = SIGNATURE_LENGTH; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    if (type === "IEND") break;
    const end = at + 8 + length;
    if (end + 4 > bytes.length) damaged(`it ends in the middle of a chunk (${type}), after ${bytes.length} bytes`);
    if (["IHDR", "PLTE", "IDAT", "tRNS", "eXIf"].includes(type)) {
      if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) damaged(`the checksum of a chunk (${type}, at byte ${at}) is wrong`);
      chunks.set(type, [...(chunks.get(type) ?? []), bytes.subarray(at + 8, end)]);
    }
    at = end + 4;
  }
  return chunks;
}

function readHeader(chunk: Uint8Array): PngHeader {
  if (chunk.length !== 13) damaged("its header has the wrong length");
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const [width, height, depth] = [view.getUint32(0), view.getUint32(4), view.getUint8(8)];
  checkSize(width, height);
  const kind = colors[view.getUint8(9) as keyof typeof colors] as (typeof colors)[keyof typeof colors] | undefined;
  if (!kind || !(kind.depths as readonly number[]).includes(depth)) damaged(`its header says colour type ${view.getUint8(9)} with ${depth} bits`);
  const [compression, filter, interlace] = chunk.subarray(10);
  if (compression !== 0 || filter !== 0 || (interlace as number) > 1) {
    fail("BAD_IMAGE", "it uses a compression, filter or interlacing that PNG does not define", { hint: "Save it anew as an ordinary PNG." });
  }
  return { width, height, depth, samples: kind.samples, color: kind.color, interlaced: interlace === 1 };
}

/** Inflates to the bytes that the header promises; what comes after them is ignored, as in libpng. */
function inflate(parts: readonly Uint8Array[], length: number): Uint8Array {
  const deflated = parts.reduce((n, part) => n + part.length, 0);
  if (length > (deflated + 1) * MAX_RATIO) damaged(`it holds ${deflated} bytes of image data, far too few for its size`);
  const out = new Uint8Array(length);
  let filled = 0;
  const stream = new Unzlib((chunk) => {
    out.set(chunk.subarray(0, length - filled), filled);
    filled = Math.min(length, filled + chunk.length);
  });
  for (const part of parts) {
    for (let at = 0; at < part.length && filled < length; at += 16384) push(stream, part.subarray(at, at + 16384));
  }
  if (filled < length) damaged(`its image data ends after ${filled} of ${length} bytes`);
  return out;
}

function push(stream: Unzlib, bytes: Uint8Array): void {
  try {
    stream.push(bytes);
  } catch (cause) {
    damaged("its image data cannot be inflated", cause);
  }
}

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crcTable[(crc ^ byte) & 0xff] as number) ^ (crc >>> 8);
  return ~crc >>> 0;
}
