// Pictures side by side: in rows, with margins, and with a title and labels where they are wanted.

import { type Color, createImage, type Image, paste } from "../image/image.ts";
import { GLYPH_HEIGHT } from "./font.ts";
import { drawText, fitText } from "./text.ts";

export interface GridOptions {
  /** Pictures in a row; fewer if there are fewer. Default: 16. */
  columns?: number;
  /** Pixels between pictures, and around all of them. Default: 2. */
  margin?: number;
  /** Default: white. */
  background?: Color;
  /** A line above the grid. */
  title?: string;
  /** What is written above each picture. */
  labels?: readonly string[];
}

/** Space above and below a line of text, in pixels of the font. */
const TITLE_PADDING = 3;
const LABEL_HEIGHT = GLYPH_HEIGHT + 2;
/** Grids at least this wide have a title of double size. */
const WIDE = 480;

/**
 * Pictures in rows. Cells are as large as the largest picture; smaller ones stand at the cell's top left.
 *
 * @example
 * const sheet = grid([picture, heatmap, overlaid], { columns: 3, margin: 8, title: "Egyptian cat" });
 */
export function grid(images: readonly Image[], options: GridOptions = {}): Image {
  const { margin = 2, background = [255, 255, 255], title, labels } = options;
  const columns = Math.max(1, Math.min(options.columns ?? 16, images.length));
  const cell = { width: Math.max(1, ...images.map((i) => i.width)), height: Math.max(1, ...images.map((i) => i.height)) };
  const stepX = cell.width + margin;
  const stepY = cell.height + margin + (labels ? LABEL_HEIGHT : 0);
  const width = columns * stepX + margin;
  const head = title === undefined ? 0 : titleHeight(width);
  const sheet = createImage(width, head + Math.ceil(images.length / columns) * stepY + margin, background);
  const ink = inkOn(background);
  if (title !== undefined) drawTitle(sheet, title, margin, ink.strong);
  images.forEach((image, i) => {
    const x = margin + (i % columns) * stepX;
    const y = head + margin + Math.floor(i / columns) * stepY;
    if (labels) drawText(sheet, fitText(labels[i] ?? "", cell.width), x, y, ink.faint);
    paste(sheet, image, x, y + (labels ? LABEL_HEIGHT : 0));
  });
  return sheet;
}

/**
 * Filters' pictures as the chapter shows them: 8 in a row, 5 pixels apart, on black.
 *
 * Source: F. Chollet, Deep Learning with Python, section 5.4.2 (second edition: 9.4.2).
 */
export function filterGrid(images: readonly Image[], options: GridOptions = {}): Image {
  return grid(images, { columns: 8, margin: 5, background: [0, 0, 0], ...options });
}

function titleScale(width: number): number {
  return width >= WIDE ? 2 : 1;
}

function titleHeight(width: number): number {
  return (GLYPH_HEIGHT + TITLE_PADDING) * titleScale(width);
}

function drawTitle(sheet: Image, title: string, margin: number, color: Color): void {
  const scale = titleScale(sheet.width);
  const left = Math.max(margin, 2 * scale);
  drawText(sheet, fitText(title, (sheet.width - 2 * left) / scale), left, TITLE_PADDING * scale, color, scale);
}

/** Colours that can be read on a background. */
function inkOn([red, green, blue]: Color): { strong: Color; faint: Color } {
  const light = red * 0.299 + green * 0.587 + blue * 0.114 > 127;
  return light ? { strong: [32, 32, 40], faint: [112, 112, 124] } : { strong: [236, 236, 240], faint: [150, 150, 162] };
}
