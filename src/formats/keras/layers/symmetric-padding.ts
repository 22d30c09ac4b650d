// Padding by a mirror that repeats the edge, which ONNX's Pad does not have.

import { fail } from "../../../errors.ts";
import type { GraphWriter } from "../../../ops/writer.ts";

/** `x` with `[before, behind]` more places along each axis: c b a | a b c | c b a. @throws {BAD_MODEL} for more than there are */
export function padSymmetric(graph: GraphWriter, x: string, widths: readonly (readonly [number, number])[]): string {
  const rank = graph.shape(x).length;
  if (widths.length !== rank) fail("BAD_MODEL", `Cannot pad a tensor of ${rank} axes along ${widths.length}.`);
  return widths.reduce((padded, [before, behind], axis) => {
    const size = graph.shape(padded)[axis] as number;
    if (!(before >= 0 && behind >= 0 && before <= size && behind <= size)) fail("BAD_MODEL", `Cannot mirror ${Math.max(before, behind)} of ${size} places.`);
    // Backwards from place `start` down to, but without, `end`.
    const backwards = (start: number, end: number) =>
      graph.emit("Slice", [padded, graph.ints([start]), graph.ints([end]), graph.ints([axis]), graph.ints([-1])]);
    const parts = [
      ...(before > 0 ? [backwards(before - 1, -(2 ** 31))] : []),
      padded,
      ...(behind > 0 ? [backwards(size - 1, size - 1 - behind < 0 ? -(2 ** 31) : size - 1 - behind)] : []),
    ];
    return parts.length === 1 ? padded : graph.emit("Concat", parts, { axis });
  }, x);
}
