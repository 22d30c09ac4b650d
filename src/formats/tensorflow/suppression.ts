// Non-maximum suppression: the best boxes, without those that overlap a better one. Only with a fixed number of results, which
// is filled up with zeros; then every choice is written out.

import type { Value } from "../keras/layers/value.ts";
import type { TfOp } from "./define.ts";
import type { NodeWriter } from "./node-writer.ts";
import { refusalOf } from "./refused.ts";

/** More choices than that would make an unreasonable number of nodes. */
const MOST = 256;

/** Boxes [n] by their edges, and their areas. */
interface Boxes {
  readonly top: string;
  readonly left: string;
  readonly bottom: string;
  readonly right: string;
  readonly area: string;
}

/** Two opposite corners each, [n, 4]. */
function readBoxes(w: NodeWriter, corners: string): Boxes {
  const column = (i: number) => w.emit("Gather", [corners, w.integer(i)], { axis: 1 });
  const [y1, x1, y2, x2] = [0, 1, 2, 3].map(column) as [string, string, string, string];
  const [top, bottom] = [w.emit("Min", [y1, y2]), w.emit("Max", [y1, y2])];
  const [left, right] = [w.emit("Min", [x1, x2]), w.emit("Max", [x1, x2])];
  return { top, left, bottom, right, area: w.emit("Mul", [w.emit("Sub", [bottom, top]), w.emit("Sub", [right, left])]) };
}

/** The part that each box shares with box `i`, of what both cover; 0 for boxes without area. */
function overlaps(w: NodeWriter, boxes: Boxes, i: string): string {
  const chosen = (x: string) => w.emit("Gather", [x, i]);
  const shared = (first: string, last: string) =>
    w.emit("Max", [w.emit("Sub", [w.emit("Min", [last, chosen(last)]), w.emit("Max", [first, chosen(first)])]), w.scalar(0)]);
  const both = w.emit("Mul", [shared(boxes.top, boxes.bottom), shared(boxes.left, boxes.right)]);
  const isFlat = w.emit("LessOrEqual", [w.emit("Min", [boxes.area, chosen(boxes.area)]), w.scalar(0)]);
  const covered = w.emit("Sub", [w.emit("Add", [boxes.area, chosen(boxes.area)]), both]);
  return w.where(isFlat, w.scalar(0), w.emit("Div", [both, w.where(isFlat, w.scalar(1), covered)]));
}

/** Scores after a box was chosen: none for itself and, if suppression is hard, for what overlaps it; less for that if it is soft. */
function suppressed(w: NodeWriter, scores: string, overlap: string, chosen: string, sigma: number): string {
  const [none, [limit, least]] = [w.scalar(-Infinity), [w.input(3).tensor, w.input(4).tensor]];
  const itself = w.emit("Equal", [w.range(w.graphShape(scores)[0] as number), chosen]);
  if (sigma === 0) return w.where(w.emit("Or", [w.emit("Greater", [overlap, limit]), itself]), none, scores);
  const weight = w.emit("Exp", [w.emit("Mul", [w.emit("Mul", [overlap, overlap]), w.scalar(-0.5 / sigma)])]);
  const weighted = w.where(w.emit("Greater", [scores, least]), w.emit("Mul", [scores, weight]), none);
  return w.where(w.emit("And", [w.emit("Greater", [weighted, least]), w.emit("Not", [itself])]), weighted, none);
}

function suppress(w: NodeWriter): Value[] {
  const isSoft = w.node.op === "NonMaxSuppressionV5";
  const { why, hint } = refusalOf(w.node.op);
  if (!w.flag("pad_to_max_output_size")) w.fail("UNSUPPORTED_OPERATOR", why, hint);
  const count = w.count(2, "a number of boxes");
  if (count < 1 || count > MOST) w.fail("UNSUPPORTED_OPERATOR", `keeps ${count} boxes, not 1 to ${MOST}`, hint);
  const boxes = readBoxes(w, w.own(w.input(0)));
  const given = w.own(w.input(1));
  const sigma = isSoft ? w.scalarConstant(5) : 0;
  let scores = w.where(w.emit("Greater", [given, w.input(4).tensor]), given, w.scalar(-Infinity));
  const found: { index: string; score: string; isBox: string }[] = [];
  for (let k = 0; k < Math.min(count, w.graphShape(given)[0] as number); k++) {
    const best = w.emit("ArgMax", [scores], { axis: 0, keepdims: 0 });
    const score = w.emit("Gather", [scores, best]);
    const isBox = w.emit("Greater", [score, w.scalar(-Infinity)]);
    found.push({ index: w.where(isBox, best, w.integer(0)), score: w.where(isBox, score, w.scalar(0)), isBox: w.cast(isBox, "int64") });
    scores = suppressed(w, scores, overlaps(w, boxes, best), best, sigma);
  }
  const listed = (tensors: readonly string[], zero: string) =>
    w.emit(
      "Concat",
      Array.from({ length: count }, (_, k) => w.emit("Unsqueeze", [tensors[k] ?? zero, w.ints([0])])),
      { axis: 0 },
    );
  const indices = listed(
    found.map(({ index }) => index),
    w.integer(0),
  );
  const valid = found.map(({ isBox }) => isBox).reduce((a, b) => w.emit("Add", [a, b]), w.integer(0));
  const chosen = () =>
    listed(
      found.map(({ score }) => score),
      w.scalar(0),
    );
  return [indices, ...(isSoft ? [chosen()] : []), valid].map((tensor) => ({ tensor }));
}

export const suppressionOps: readonly TfOp[] = [
  { op: "NonMaxSuppressionV4", least: 5, emit: suppress },
  { op: "NonMaxSuppressionV5", least: 6, emit: suppress },
];
