// Gradients for pictures that start with nothing active: Lucid's `redirected_relu_grad` (Olah et al., "Feature Visualization", 2017).

import type { Rule } from "../../ops/define.ts";
import { add, atMost, compare, keepWhere, sub } from "../../ops/formula.ts";
import { rectifierRules } from "./rectifiers.ts";

/**
 * For ascent. Where a rectifier lets nothing through for a whole item of the batch, its gradient is redirected: what would
 * raise a negative x (or lower one above ReLU6's bound) passes, what would push it further away does not.
 */
export const redirectedRelu = rectifierRules((standard, r) => {
  const through = standard(r)[0] as string;
  return add(r, through, keepWhere(r, isBlocked(r, through), towardsLinear(r)));
});

/** dy without what pushes x away from the part where the rectifier is linear. */
function towardsLinear(r: Rule): string {
  const [x, y] = [r.in(0), r.out(0)];
  const raising = sub(r, r.dy(), keepWhere(r, compare(r, "Less", x, 0), atMost(r, r.dy(), 0)));
  return r.has(2) ? sub(r, raising, keepWhere(r, compare(r, "Greater", x, y), r.emit("Relu", [r.dy()]))) : raising;
}

/** For every item of the batch, whether its gradient is 0 everywhere. */
function isBlocked(r: Rule, gradient: string): string {
  const axes = r.shape(gradient).flatMap((_, axis) => (axis === 0 ? [] : [axis]));
  return compare(r, "Equal", r.emit("ReduceMax", [r.emit("Abs", [gradient]), r.ints(axes)], { keepdims: 1 }), 0);
}
