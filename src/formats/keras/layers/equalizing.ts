// Contrast-limited adaptive histogram equalization: every tile of a picture gets values that are spread evenly, and pixels
// between the middles of four tiles a mixture of what these four would give them.

import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { padSymmetric } from "./symmetric-padding.ts";

/** Values are counted in this many steps. */
const STEPS = 256;

interface Tiles {
  /** Tiles from above to below, and from left to right. */
  readonly grid: readonly [number, number];
  /** Height and width of each. */
  readonly size: readonly [number, number];
}

const ContrastLimitedAdaptiveHistogramEqualization: LayerDef = {
  kind: "ContrastLimitedAdaptiveHistogramEqualization",
  emit: (w) => {
    const [least = 0, most = 255] = w.config.numbers("value_range", [0, 255]);
    const [, , height, width] = w.graphShape(w.spatialInput(2)) as [number, number, number, number];
    const grid = w.config.ints("tile_grid_size", 2, [8, 8]) as [number, number];
    if (grid.some((tiles) => tiles < 1 || tiles > 4096)) w.fail("BAD_MODEL", `has ${grid.join("×")} tiles`);
    const tiles: Tiles = { grid, size: [Math.ceil(height / grid[0]), Math.ceil(width / grid[1])] };
    const missing = [tiles.size[0] * grid[0] - height, tiles.size[1] * grid[1] - width] as const;
    const scaled = toRange(w, w.spatialInput(2), [least, most], [0, 255]);
    const whole = padSymmetric(w.state.graph, scaled, [
      [0, 0],
      [0, 0],
      [0, missing[0]],
      [0, missing[1]],
    ]);
    const pixels = w.emit("Cast", [w.emit("Clip", [whole, w.scalar(0), w.scalar(STEPS - 1)])], { to: 7 });
    const equal = mixture(w, pixels, equalized(w, pixels, tiles), tiles);
    const cut = w.emit("Slice", [equal, w.ints([0, 0]), w.ints([height, width]), w.ints([2, 3])]);
    return w.fromChannelsAtOne(toRange(w, cut, [0, 255], [least, most]));
  },
};

/** From one range of values to another, step by step as Keras does it: what is cut to whole numbers must be the same to the last bit. */
function toRange(w: LayerWriter, x: string, [low, high]: readonly [number, number], [least, most]: readonly [number, number]): string {
  if (low === least && high === most) return x;
  const share = w.emit("Div", [w.emit("Sub", [x, w.scalar(low)]), w.scalar(high - low)]);
  return w.emit("Add", [w.emit("Mul", [share, w.scalar(most - least)]), w.scalar(least)]);
}

/** What each tile gives for each value: `[N, C, tiles + 2 × tiles + 2, steps]`, the tiles at the edge twice, as one axis. */
function equalized(w: LayerWriter, pixels: string, { grid, size }: Tiles): string {
  const [batch, channels] = w.graphShape(pixels) as [number, number];
  const [count, area] = [grid[0] * grid[1], size[0] * size[1]];
  const apart = w.emit("Reshape", [pixels, w.ints([batch, channels, grid[0], size[0], grid[1], size[1]])]);
  const values = w.emit("Reshape", [w.transpose(apart, [0, 1, 2, 4, 3, 5]), w.ints([batch, channels, count, area])]);
  const full = (value: number, last: number) => w.emit("Expand", [w.scalar(value), w.ints([batch, channels, count, last])]);
  const counts = w.emit("ScatterElements", [full(0, STEPS), values, full(1, area)], { axis: 3, reduction: "add" });
  const sums = w.emit("CumSum", [limited(w, counts, area), w.state.graph.scalar(3, "int64")]);
  const first = w.emit("ReduceMin", [sums, w.ints([3])], { keepdims: 1 });
  const rest = w.emit("Sub", [w.scalar(area), first]);
  const whole = w.emit("Where", [w.emit("Equal", [rest, w.scalar(0)]), w.scalar(1), rest]);
  const share = w.emit("Div", [w.emit("Mul", [w.emit("Sub", [sums, first]), w.scalar(STEPS - 1)]), whole]);
  const tiles = w.emit("Reshape", [w.emit("Clip", [share, w.scalar(0), w.scalar(STEPS - 1)]), w.ints([batch, channels, ...grid, STEPS])]);
  const edged = w.emit("Pad", [tiles, w.ints([0, 0, 1, 1, 0, 0, 0, 1, 1, 0])], { mode: "edge" });
  return w.emit("Reshape", [edged, w.ints([batch, channels, (grid[0] + 2) * (grid[1] + 2) * STEPS])]);
}

/** No value counts for more than the limit; what is too much is spread over all. */
function limited(w: LayerWriter, counts: string, area: number): string {
  const limit = w.config.number("clip_limit", 4);
  if (limit <= 0) return counts;
  const clipped = w.emit("Clip", [counts, w.scalar(0), w.scalar((limit * area) / STEPS)]);
  const excess = w.emit("ReduceSum", [w.emit("Sub", [counts, clipped]), w.ints([3])], { keepdims: 1 });
  return w.emit("Add", [clipped, w.emit("Div", [excess, w.scalar(STEPS)])]);
}

/** Every pixel by the four tiles around it, each by how near its middle is. */
function mixture(w: LayerWriter, pixels: string, tables: string, { grid, size }: Tiles): string {
  const shape = w.graphShape(pixels) as [number, number, number, number];
  const [rows, columns] = [placesOf(grid[0], size[0]), placesOf(grid[1], size[1])];
  const index = (places: readonly number[], step: number, form: readonly number[]) =>
    w.state.graph.constant(
      "int64",
      form,
      places.map((tile) => tile * step * STEPS),
    );
  const at = (y: readonly number[], x: readonly number[]) => {
    const down = w.emit("Add", [pixels, index(y, grid[1] + 2, [shape[2], 1])]);
    const places = w.emit("Add", [down, index(x, 1, [1, shape[3]])]);
    const flat = w.emit("Reshape", [places, w.ints([shape[0], shape[1], shape[2] * shape[3]])]);
    return w.emit("Reshape", [w.emit("GatherElements", [tables, flat], { axis: 2 }), w.ints(shape)]);
  };
  const mix = (a: string, b: string, share: string) => w.emit("Add", [w.emit("Mul", [a, w.emit("Sub", [w.scalar(1), share])]), w.emit("Mul", [b, share])]);
  const across = w.constant(columns.shares, [1, shape[3]]);
  const above = mix(at(rows.before, columns.before), at(rows.before, columns.behind), across);
  const below = mix(at(rows.behind, columns.before), at(rows.behind, columns.behind), across);
  return mix(above, below, w.constant(rows.shares, [shape[2], 1]));
}

/** For each pixel along an axis the tiles before and behind it, and the share of the latter. */
function placesOf(tiles: number, size: number): { before: number[]; behind: number[]; shares: number[] } {
  const exact = Array.from({ length: tiles * size }, (_, i) => Math.fround(Math.fround((i - size / 2) / size) + 1));
  const within = (tile: number) => Math.min(Math.max(tile, 0), tiles + 1);
  return {
    before: exact.map((x) => within(Math.floor(x))),
    behind: exact.map((x) => within(Math.floor(x) + 1)),
    shares: exact.map((x) => x - Math.floor(x)),
  };
}

export const equalizingLayers: readonly LayerDef[] = [ContrastLimitedAdaptiveHistogramEqualization];
