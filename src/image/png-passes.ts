// The scanlines of a PNG: the seven passes of Adam7 (or one), and the filters undone.
// Source: W3C, Portable Network Graphics (Third Edition), sections 8.1 and 9.

import { damaged } from "./bad-image.ts";

/** A reduced image: every `dx`-th pixel of every `dy`-th row, from (x, y) on. */
export interface Pass {
  readonly x: number;
  readonly y: number;
  readonly dx: number;
  readonly dy: number;
  readonly width: number;
  readonly height: number;
  /** Bytes of a scanline, without its filter byte. */
  readonly rowBytes: number;
}

const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/** The passes that hold pixels, in the order of the file. */
export function passesOf(header: { width: number; height: number; depth: number; samples: number; interlaced: boolean }): Pass[] {
  const grids = header.interlaced ? adam7 : ([[0, 0, 1, 1]] as const);
  return grids
    .map(([x, y, dx, dy]) => {
      const width = Math.ceil((header.width - x) / dx);
      return { x, y, dx, dy, width, height: Math.ceil((header.height - y) / dy), rowBytes: Math.ceil((width * header.samples * header.depth) / 8) };
    })
    .filter((pass) => pass.width > 0 && pass.height > 0);
}

/**
 * Undoes a scanline's filter in place.
 *
 * @param row the scanline without its filter byte
 * @param above the scanline above, unfiltered; zeros for the first
 * @param step bytes to the same sample of the pixel on the left, at least 1
 */
export function unfilter(filter: number, row: Uint8Array, above: Uint8Array, step: number): void {
  const undo = filters[filter] ?? damaged(`a scanline has filter ${filter}`);
  undo(row, above, step);
}

type Unfilter = (row: Uint8Array, above: Uint8Array, step: number) => void;

const filters: readonly Unfilter[] = [
  () => {},
  (row, _above, step) => {
    for (let i = step; i < row.length; i++) row[i] = (row[i] as number) + (row[i - step] as number);
  },
  (row, above) => {
    for (let i = 0; i < row.length; i++) row[i] = (row[i] as number) + (above[i] as number);
  },
  (row, above, step) => {
    for (let i = 0; i < row.length; i++) {
      const left = i < step ? 0 : (row[i - step] as number);
      row[i] = (row[i] as number) + ((left + (above[i] as number)) >> 1);
    }
  },
  (row, above, step) => {
    for (let i = 0; i < row.length; i++) {
      const left = i < step ? 0 : (row[i - step] as number);
      const corner = i < step ? 0 : (above[i - step] as number);
      row[i] = (row[i] as number) + paeth(left, above[i] as number, corner);
    }
  },
];

/** Of left, above and corner, the one nearest to left + above - corner. */
function paeth(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner);
  const toAbove = Math.abs(left - corner);
  const toCorner = Math.abs(left + above - 2 * corner);
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
