// PNG pictures of every kind to 8-bit RGB: 1 to 16 bits, grey, colour, palette, alpha, interlaced.

import type { Image } from "./image.ts";
import { exifOrientation, upright } from "./orientation.ts";
import { type PngFile, type PngHeader, readPngFile } from "./png-file.ts";
import { unfilter } from "./png-passes.ts";

/**
 * Decodes a PNG. 16-bit samples are cut to their high byte, as Pillow and TensorFlow do; alpha is composed over white;
 * colour profiles and gamma are left aside, as in both.
 *
 * @throws {BAD_IMAGE}
 */
export function decodePng(bytes: Uint8Array): Image {
  const file = readPngFile(bytes);
  const { width, height } = file.header;
  const data = new Uint8Array(width * height * 3);
  const paint = painterOf(file, data);
  forEachRow(file, (samples, pass, y) => {
    for (let x = 0; x < pass.width; x++) paint(samples, x * file.header.samples, (y * width + pass.x + x * pass.dx) * 3);
  });
  return upright({ width, height, data }, file.exif ? exifOrientation(file.exif) : 1);
}

type RowVisitor = (samples: Uint16Array, pass: PngFile["passes"][number], y: number) => void;

/** Unfilters and unpacks the scanlines one by one; `y` is the row in the whole picture. */
function forEachRow({ header, passes, scanlines }: PngFile, visit: RowVisitor): void {
  const step = Math.max(1, (header.samples * header.depth) >> 3);
  let at = 0;
  for (const pass of passes) {
    const samples = new Uint16Array(pass.width * header.samples);
    let above: Uint8Array = new Uint8Array(pass.rowBytes);
    for (let y = 0; y < pass.height; y++) {
      const row = scanlines.subarray(at + 1, at + 1 + pass.rowBytes);
      unfilter(scanlines[at] as number, row, above, step);
      unpack(row, header.depth, samples);
      visit(samples, pass, pass.y + y * pass.dy);
      above = row;
      at += pass.rowBytes + 1;
    }
  }
}

/** A scanline's samples as integers of `depth` bits. */
function unpack(row: Uint8Array, depth: number, samples: Uint16Array): void {
  if (depth === 8) {
    samples.set(row);
  } else if (depth === 16) {
    for (let i = 0; i < samples.length; i++) samples[i] = ((row[2 * i] as number) << 8) | (row[2 * i + 1] as number);
  } else {
    const perByte = 8 / depth;
    const mask = (1 << depth) - 1;
    for (let i = 0; i < samples.length; i++) {
      samples[i] = ((row[Math.floor(i / perByte)] as number) >> (8 - depth - (i % perByte) * depth)) & mask;
    }
  }
}

/** Writes the pixel whose samples begin at `from` to `data[to …]`. */
type Painter = (samples: Uint16Array, from: number, to: number) => void;

function painterOf(file: PngFile, data: Uint8Array): Painter {
  const { header } = file;
  const to8 = header.depth === 16 ? (v: number) => v >> 8 : (v: number) => (v * 255) / (2 ** header.depth - 1);
  const put = (to: number, red: number, green: number, blue: number, alpha: number) => {
    data[to] = overWhite(red, alpha);
    data[to + 1] = overWhite(green, alpha);
    data[to + 2] = overWhite(blue, alpha);
  };
  if (header.color === "palette") return palettePainter(file, put);
  const grey = header.color.startsWith("grey");
  const alphaOf = alphaReader(file);
  return (samples, from, to) => {
    const red = to8(samples[from] as number);
    const green = grey ? red : to8(samples[from + 1] as number);
    const blue = grey ? red : to8(samples[from + 2] as number);
    put(to, red, green, blue, to8(alphaOf(samples, from)));
  };
}

type Put = (to: number, red: number, green: number, blue: number, alpha: number) => void;

/** Colours by index; an index beyond the palette is black, as in libpng. */
function palettePainter({ palette, transparency }: PngFile, put: Put): Painter {
  return (samples, from, to) => {
    const index = samples[from] as number;
    put(to, palette[3 * index] ?? 0, palette[3 * index + 1] ?? 0, palette[3 * index + 2] ?? 0, transparency[index] ?? 255);
  };
}

/** A pixel's alpha, in the picture's own depth: its last sample, or zero for the one colour that tRNS names. */
function alphaReader({ header, transparency }: PngFile): (samples: Uint16Array, from: number) => number {
  const opaque = 2 ** header.depth - 1;
  if (hasAlpha(header)) return (samples, from) => samples[from + header.samples - 1] as number;
  if (transparency.length < 2 * header.samples) return () => opaque;
  const key = Array.from({ length: header.samples }, (_, i) => ((transparency[2 * i] as number) << 8) | (transparency[2 * i + 1] as number));
  return (samples, from) => (key.every((value, i) => samples[from + i] === value) ? 0 : opaque);
}

function hasAlpha(header: PngHeader): boolean {
  return header.color === "grey-alpha" || header.color === "rgb-alpha";
}

function overWhite(value: number, alpha: number): number {
  return alpha === 255 ? value : Math.round((value * alpha + 255 * (255 - alpha)) / 255);
}
