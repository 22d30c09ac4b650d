// Operations that read tensors at places between their elements.

import { add, compare, div, mul, sub } from "../../../ops/formula.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { ofPictures } from "./image.ts";
import { asValue, counting, integers, numberOption, operand, option, ownOperand } from "./operands.ts";

/** Elements to read from: `[batch, places, …]`, whose places are those of a grid of `sizes`. */
interface Source {
  readonly elements: string;
  readonly sizes: readonly number[];
}

/** How places outside are read. @param bring changes the number of a place before it is read @param fill else what lies there */
interface Outside {
  readonly bring?: (index: string, size: number) => string;
  readonly fill?: number;
}

/** One way to take a coordinate: the numbers of places around it, and how much each counts. */
type Corners = readonly (readonly [index: string, weight: string | undefined])[];

function corners(w: LayerWriter, coordinate: string, linear: boolean, round: (x: string) => string): Corners {
  if (!linear) return [[round(coordinate), undefined]];
  const low = w.emit("Floor", [coordinate]);
  const share = sub(w, coordinate, low);
  return [
    [low, sub(w, 1, share)],
    [add(w, low, 1), share],
  ];
}

/** Every combination of one corner for each axis. */
const combinations = (axes: readonly Corners[]): (readonly [string, string | undefined])[][] =>
  axes.reduce<(readonly [string, string | undefined])[][]>((rows, axis) => rows.flatMap((row) => axis.map((corner) => [...row, corner])), [[]]);

/** The source at coordinates `[batch, points]`, one tensor for each axis: [batch, points, …]. */
function read(w: LayerWriter, { elements, sizes }: Source, axes: readonly Corners[], { bring, fill }: Outside): string {
  const parts = combinations(axes).map((row) => {
    const size = (i: number) => sizes[i] as number;
    const inside = row.map(([index], i) => w.emit("And", [compare(w, "GreaterOrEqual", index, 0), compare(w, "Less", index, size(i))]));
    const safe = row.map(([index], i) => w.emit("Clip", [bring ? bring(index, size(i)) : index, w.scalar(0), w.scalar(size(i) - 1)]));
    const flat = safe.reduce((sum, index, i) => (i === 0 ? index : add(w, mul(w, sum, size(i)), index)));
    const found = w.emit("GatherND", [elements, w.emit("Unsqueeze", [integers(w, flat), w.ints([2])])], { batch_dims: 1 });
    const wide = (t: string) => w.state.graph.reshape(t, [...w.graphShape(t), ...new Array<number>(w.graphShape(found).length - 2).fill(1)]);
    const valid = fill === undefined ? found : w.emit("Where", [wide(inside.reduce((a, b) => w.emit("And", [a, b]))), found, w.scalar(fill)]);
    const weight = row.map(([, share]) => share).reduce((a, b) => (a === undefined || b === undefined ? a : mul(w, a, b)));
    return weight === undefined ? valid : mul(w, valid, wide(weight));
  });
  return parts.reduce((sum, each) => add(w, sum, each));
}

/** x − size · ⌊x / size⌋ */
const modulo = (w: LayerWriter, x: string, size: number) => sub(w, x, mul(w, w.emit("Floor", [mul(w, x, 1 / size)]), size));

/** Half away from zero, as C rounds. */
const roundAway = (w: LayerWriter, x: string) => mul(w, w.emit("Sign", [x]), w.emit("Floor", [add(w, w.emit("Abs", [x]), 0.5)]));

/** A coordinate brought into the picture before the places around it are read. */
function within(w: LayerWriter, mode: string, coordinate: string, size: number): string {
  const kept = (x: string) => w.emit("Clip", [x, w.scalar(0), w.scalar(size - 1)]);
  const whole = (x: string, by: number) => w.emit("Floor", [mul(w, x, 1 / by)]);
  const below = (x: string, yes: string, no: string) => w.emit("Where", [compare(w, "Less", x, 0), yes, no]);
  switch (mode) {
    case "constant":
      return coordinate;
    case "nearest":
      return kept(coordinate);
    case "wrap": {
      if (size === 1) return kept(coordinate);
      const back = add(w, whole(w.emit("Neg", [coordinate]), size - 1), 1);
      const turns = below(coordinate, back, w.emit("Neg", [whole(coordinate, size - 1)]));
      const inside = w.emit("And", [compare(w, "GreaterOrEqual", coordinate, 0), compare(w, "LessOrEqual", coordinate, size - 1)]);
      return kept(w.emit("Where", [inside, coordinate, add(w, coordinate, mul(w, turns, size))]));
    }
    case "reflect": {
      // Below 0 place −1 − x, then every second picture turned.
      const positive = below(coordinate, sub(w, -1, coordinate), coordinate);
      const rest = modulo(w, positive, 2 * size);
      return kept(w.emit("Where", [compare(w, "GreaterOrEqual", rest, size), sub(w, 2 * size - 1, rest), rest]));
    }
    default:
      return w.fail("UNSUPPORTED_LAYER", `fills by "${mode}"`);
  }
}

/**
 * Pictures whose pixel (x, y) is read at (ax + by + c, dx + ey + f) / (gx + hy + 1).
 *
 * @param transform the eight numbers [batch, 8] or [1, 8]
 */
function project(w: LayerWriter, x: string, transform: string, mode: string): string {
  const [batch, channels, rows, columns] = w.graphShape(x) as [number, number, number, number];
  const interpolation = w.config.text("interpolation", "bilinear");
  if (interpolation !== "bilinear" && interpolation !== "nearest") w.fail("UNSUPPORTED_LAYER", `interpolates by "${interpolation}"`);
  const grid = (count: number, shape: readonly number[]) =>
    w.state.graph.reshape(w.emit("Expand", [w.state.graph.reshape(counting(w, count), shape), w.ints([rows, columns])]), [1, rows * columns]);
  const [across, down] = [grid(columns, [1, columns]), grid(rows, [rows, 1])];
  const number = (i: number) => w.emit("Slice", [transform, w.ints([i]), w.ints([i + 1]), w.ints([1])]);
  const sum = (i: number, last: string) => add(w, add(w, mul(w, number(i), across), mul(w, number(i + 1), down)), last);
  const depth = sum(6, w.scalar(1));
  const at = (i: number) => w.emit("Expand", [div(w, sum(i, number(i + 2)), depth), w.ints([batch, rows * columns])]);
  const places = [within(w, mode, at(3), rows), within(w, mode, at(0), columns)];
  const source = { elements: w.transpose(w.state.graph.reshape(x, [batch, channels, rows * columns]), [0, 2, 1]), sizes: [rows, columns] };
  const around = places.map((place) => corners(w, place, interpolation === "bilinear", (t) => roundAway(w, t)));
  const found = read(w, source, around, { fill: numberOption(w, 0, Number.POSITIVE_INFINITY, "fill_value") });
  return w.state.graph.reshape(w.transpose(found, [0, 2, 1]), [batch, channels, rows, columns]);
}

function affineTransform(w: LayerWriter): Value {
  const transform = ownOperand(w, 1, "transform");
  const each = w.graphShape(transform).length === 1 ? w.emit("Unsqueeze", [transform, w.ints([0])]) : transform;
  if (w.graphShape(each).length !== 2 || w.graphShape(each)[1] !== 8) w.fail("BAD_MODEL", "has a transform that is no list of eight numbers");
  return ofPictures(w, (x) => project(w, x, each, w.config.text("fill_mode", "constant")));
}

/** The numbers of points [batch, 4, 2] or [4, 2], that must be constants. */
function points(w: LayerWriter, i: number, name: string): (readonly [number, number])[][] {
  const given = asValue(w, operand(w, i, name));
  const flat = given && w.state.graph.value(given.tensor);
  if (flat === undefined) return w.fail("UNSUPPORTED_LAYER", `has ${name.replace("_", " ")} that depend on the picture`, "Give it points that are numbers.");
  if (flat.length % 8 !== 0) w.fail("BAD_MODEL", `has ${flat.length} numbers for the points of pictures`);
  return Array.from({ length: flat.length / 8 }, (_, n) =>
    Array.from({ length: 4 }, (__, k) => [flat[8 * n + 2 * k] as number, flat[8 * n + 2 * k + 1] as number] as const),
  );
}

function perspectiveTransform(w: LayerWriter): Value {
  const [start, end] = [points(w, 1, "start_points"), points(w, 2, "end_points")];
  if (start.length !== end.length) w.fail("BAD_MODEL", "has more points to start from than to end at");
  const transforms = start.map(
    (from, n) => homography(from, end[n] as (readonly [number, number])[]) ?? w.fail("BAD_MODEL", "has points of which three lie on one line"),
  );
  return ofPictures(w, (x) => project(w, x, w.constant(transforms.flat(), [transforms.length, 8]), "constant"));
}

/** The eight numbers that bring the four end points to the start points; undefined if there are none. */
function homography(start: readonly (readonly [number, number])[], end: readonly (readonly [number, number])[]): number[] | undefined {
  const rows = end.flatMap(([x, y], i) => {
    const [u, v] = start[i] as readonly [number, number];
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  return solve(rows);
}

/** Gauss's elimination of rows that end in their right sides. */
function solve(rows: number[][]): number[] | undefined {
  const n = rows.length;
  for (let k = 0; k < n; k++) {
    const below = rows.slice(k).map((row) => Math.abs(row[k] as number));
    const pivot = k + below.indexOf(Math.max(...below));
    [rows[k], rows[pivot]] = [rows[pivot] as number[], rows[k] as number[]];
    const row = rows[k] as number[];
    const head = row[k] as number;
    if (!(Math.abs(head) > 1e-12)) return undefined;
    rows[k] = row.map((value) => value / head);
    for (const [i, other] of rows.entries()) {
      const factor = other[k] as number;
      if (i !== k) rows[i] = other.map((value, j) => value - factor * ((rows[k] as number[])[j] as number));
    }
  }
  return rows.map((row) => row[n] as number);
}

/** A tensor at coordinates, the nearest elements or between them. */
function mapCoordinates(w: LayerWriter): Value {
  const [x, coordinates] = [ownOperand(w, 0, "inputs"), ownOperand(w, 1, "coordinates")];
  const [sizes, [rank, ...shape]] = [w.graphShape(x), w.graphShape(coordinates) as [number, ...number[]]];
  if (rank !== sizes.length) w.fail("BAD_MODEL", `has ${rank} coordinates for a tensor of ${sizes.length} axes`);
  const order = option(w, 2, "order");
  if (order !== 0 && order !== 1) w.fail("UNSUPPORTED_LAYER", `interpolates by order ${JSON.stringify(order)}`);
  const mode = w.config.text("fill_mode", "constant");
  const outside: Readonly<Record<string, Outside>> = {
    constant: { fill: numberOption(w, 0, Number.POSITIVE_INFINITY, "fill_value") },
    nearest: {},
    wrap: { bring: (index, size) => modulo(w, add(w, index, 0), size) },
  };
  const chosen = Object.hasOwn(outside, mode)
    ? (outside[mode] as Outside)
    : w.fail("UNSUPPORTED_LAYER", `fills by "${mode}", for which each backend of Keras gives other numbers`);
  const points = shape.reduce((n, d) => n * d, 1);
  const axes = sizes.map((_, i) => w.state.graph.reshape(w.emit("Slice", [coordinates, w.ints([i]), w.ints([i + 1]), w.ints([0])]), [1, points]));
  const around = axes.map((axis) => corners(w, axis, order === 1, (t) => w.emit("Round", [t])));
  const source = { elements: w.state.graph.reshape(x, [1, sizes.reduce((n, d) => n * d, 1)]), sizes };
  return w.fromOwn(w.state.graph.reshape(read(w, source, around, chosen), shape));
}

export const warpingOperators: Operators = {
  affine_transform: affineTransform,
  map_coordinates: mapCoordinates,
  perspective_transform: perspectiveTransform,
};
