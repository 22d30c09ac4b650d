// Titles and numbers on pictures, in a small pixel font.

import type { Color, Image } from "../image/image.ts";
import { GLYPH_HEIGHT, glyphs } from "./font.ts";

/** What stands for a character that the font lacks: a hollow box. */
const UNKNOWN = "1f19191919191f1010";

/** A glyph's rows as bits, and how many pixels wide it is. */
function glyphOf(character: string): { width: number; rows: readonly number[] } {
  const hex = glyphs[character] ?? UNKNOWN;
  const rows = Array.from({ length: GLYPH_HEIGHT }, (_, row) => Number.parseInt(hex.slice(2 * row, 2 * row + 2), 16));
  return { width: Math.floor(Math.log2(rows[0] as number)), rows };
}

/** Width of a line of text in pixels, at a scale of 1; characters stand one pixel apart. */
export function textWidth(text: string): number {
  return [...text].reduce((width, character) => width + glyphOf(character).width + 1, -1);
}

/** The text, shortened with "…" to fit a width at a scale of 1. */
export function fitText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const characters = [...text];
  while (characters.length > 0 && textWidth(`${characters.join("")}…`) > width) characters.pop();
  return characters.length > 0 ? `${characters.join("")}…` : "";
}

/** Writes a line of text onto a picture, its top left corner at (x, y), each pixel of the font `scale` pixels large. */
export function drawText(image: Image, text: string, x: number, y: number, color: Color, scale = 1): void {
  let left = x;
  for (const character of text) {
    const { width, rows } = glyphOf(character);
    rows.forEach((bits, row) => {
      for (let column = 0; column < width; column++) {
        if ((bits >> (width - 1 - column)) & 1) fillSquare(image, left + column * scale, y + row * scale, scale, color);
      }
    });
    left += (width + 1) * scale;
  }
}

function fillSquare({ width, height, data }: Image, x: number, y: number, size: number, color: Color): void {
  for (let row = Math.max(0, y); row < Math.min(height, y + size); row++) {
    for (let column = Math.max(0, x); column < Math.min(width, x + size); column++) data.set(color, (row * width + column) * 3);
  }
}
