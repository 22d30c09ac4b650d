// Where masks come from: steps that are all one value, tokens of number 0.

import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { anyAlong, lazily, type MaskRule } from "./masks.ts";

/** Whether values differ from one that stands for nothing. */
const differs = (w: LayerWriter, x: string, value: number) => w.emit("Not", [w.emit("Equal", [x, w.scalar(value)])]);

/** With `mask_zero`, tokens of number 0 do not count. */
export const countedTokens: MaskRule = (w) => (w.config.flag("mask_zero", false) ? [lazily(w.state, () => differs(w, w.own(w.input), 0))] : []);

/** Steps whose values are all `mask_value` do not count from here on; they become zeros. */
export const Masking: LayerDef = {
  kind: "Masking",
  masks: "own",
  emit: (w) => {
    const x = w.own(w.input);
    const counts = anyAlong(w, differs(w, x, w.config.number("mask_value", 0)), -1, 1);
    const mask = lazily(w.state, () => w.emit("Squeeze", [counts, w.ints([-1])]));
    return { ...w.fromOwn(w.emit("Where", [counts, x, w.scalar(0)])), masked: { mask } };
  },
};
