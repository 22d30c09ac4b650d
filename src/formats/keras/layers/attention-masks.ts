// Which keys each query of an attention layer sees: masks of queries, values and keys, later places, places far away.

import type { Argument } from "../ir.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { givenMasks, type MaskRule } from "./masks.ts";
import type { Mask, Value } from "./value.ts";

/** Query, value and key of a call; the key is the value if it is left out. */
export function operands(w: LayerWriter): [query: Value, value: Value, key: Value] {
  const { args, kwargs } = w.call;
  const listed = args[0]?.kind === "list" ? args[0].items : args;
  const tensor = (argument: Argument<Value> | undefined) => (argument?.kind === "tensor" ? argument.tensor : undefined);
  const given = [tensor(listed[0]) ?? tensor(kwargs.query), tensor(listed[1]) ?? tensor(kwargs.value), tensor(listed[2]) ?? tensor(kwargs.key)];
  const [query, value, key] = given;
  if (!query || !value) return w.fail("BAD_MODEL", "needs a query and a value");
  return [query, value, key ?? value];
}

/** A plain option of the call that is true. */
function isAsked(w: LayerWriter, name: string): boolean {
  const given = w.call.kwargs[name];
  return given?.kind === "value" && given.value === true;
}

/** Conditions on query − key, `[queries, keys]`: a causal mask hides what lies behind, a window what is `sliding_window` places away. */
export function places(w: LayerWriter, scores: string): string[] {
  const [queries, keys] = w.graphShape(scores).slice(-2) as [number, number];
  const count = (n: number, shape: readonly number[]) => w.state.graph.reshape(w.emit("Range", [w.scalar(0), w.scalar(n), w.scalar(1)]), shape);
  const distance = () => w.emit("Sub", [count(queries, [queries, 1]), count(keys, [1, keys])]);
  const causal = w.config.flag("causal", false) || isAsked(w, "use_causal_mask");
  return [
    ...(causal ? [w.emit("GreaterOrEqual", [distance(), w.scalar(0)])] : []),
    ...(w.config.raw("sliding_window") === undefined ? [] : [w.emit("Less", [w.emit("Abs", [distance()]), w.scalar(w.config.int("sliding_window"))])]),
  ];
}

/**
 * How scores that are not seen are kept down, which shows where a query sees nothing: "replaced" by one number, so that all
 * weights are alike; "lowered", which leaves their differences to the gradient; or "dropped", with weights of zero.
 */
export type Manner = "replaced" | "lowered" | "dropped";

/** softmax of scores `[…, queries, keys]`. @param seen conditions that all must hold, as they broadcast */
export function softmaxOfSeen(w: LayerWriter, scores: string, seen: readonly string[], manner: Manner): string {
  if (seen.length === 0) return w.emit("Softmax", [scores], { axis: -1 });
  const all = seen.reduce((a, b) => w.emit("And", [a, b]));
  const lowered = () => w.emit("Sub", [scores, w.emit("Where", [all, w.scalar(0), w.scalar(1e9)])]);
  const weights = w.emit("Softmax", [manner === "lowered" ? lowered() : w.emit("Where", [all, scores, w.scalar(-1e9)])], { axis: -1 });
  return manner === "dropped" ? w.emit("Where", [all, weights, w.scalar(0)]) : weights;
}

/** Keras 3 goes two ways: quickly, or through a Softmax layer where it may drop weights, gives them out, or has more axes. */
export function headManner(w: LayerWriter): Manner {
  if (!w.state.masks.keras3) return w.config.flag("softmax_robust_masking", false) ? "replaced" : "lowered";
  const quick = w.config.number("dropout", 0) === 0 && !isAsked(w, "return_attention_scores") && w.shape(w.input).length === 3;
  return quick ? "replaced" : "dropped";
}

/** The masks of a call of a layer with heads, as they broadcast against `[batch, heads, queries, keys]`. */
export function headMasks(w: LayerWriter): string[] {
  const { query, value, key } = inputMasks(w);
  const asked = givenMasks(w.state, w.call, "attention_mask")?.[0]?.();
  const masks = [query, value, key].flatMap((mask, i) => (mask ? [w.emit("Unsqueeze", [mask(), w.ints(i === 0 ? [1, 3] : [1, 2])])] : []));
  if ((asked || masks.length > 0) && operands(w).some((input) => w.shape(input).length !== 3)) {
    w.fail("UNSUPPORTED_LAYER", "has a mask over more than one axis of positions");
  }
  // `[batch, queries, keys]` holds for all heads.
  return asked && w.graphShape(asked).length === 3 ? [...masks, w.emit("Unsqueeze", [asked, w.ints([1])])] : [...masks, ...(asked ? [asked] : [])];
}

interface InputMasks {
  readonly query?: Mask | undefined;
  readonly value?: Mask | undefined;
  readonly key?: Mask | undefined;
}

/** Keras 3 takes masks that the call names, but for a MultiHeadAttention's query; and that of the key only if that is given. */
function inputMasks(w: LayerWriter): InputMasks {
  if (!w.state.masks.heads) return {};
  const [query, value, key] = operands(w).map(({ masked }) => masked?.mask);
  if (!w.state.masks.keras3) return { query, value, key };
  const named = (part: string) => givenMasks(w.state, w.call, `${part}_mask`)?.[0];
  const hasKey = w.call.args.length > 2 || w.call.kwargs.key?.kind === "tensor";
  return {
    query: (w.layer.kind === "MultiHeadAttention" ? undefined : named("query")) ?? query,
    value: named("value") ?? value,
    key: named("key") ?? (hasKey ? key : undefined),
  };
}

/** The query's mask holds for the output. */
export const passesOnQuery: MaskRule = (w) => (w.state.masks.heads ? [operands(w)[0].masked?.mask] : []);

/** Keras 3's MultiHeadAttention takes the masks away from what it is called with: layers that come later do not see them. */
export function takeMasks(inputs: readonly Value[]): void {
  for (const { masked } of inputs) if (masked) masked.mask = undefined;
}
