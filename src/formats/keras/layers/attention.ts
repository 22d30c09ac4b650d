// Attention layers. Positions are all axes between the batch and the last one, taken as one.

import { invert } from "../../../tensor/tensor.ts";
import { isObject } from "../ir.ts";
import { headManner, headMasks, operands, passesOnQuery, places, softmaxOfSeen, takeMasks } from "./attention-masks.ts";
import type { Config } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { passesOn } from "./masks.ts";
import type { Value } from "./value.ts";
import { type Seen, type WeightSpec, weight, when } from "./weight-spec.ts";

interface Heads {
  readonly query: number;
  readonly shared: number;
  readonly keySize: number;
  readonly valueSize: number;
}

/** Projections of a layer with heads: `query`, `key`, `value` into heads, `output` back; named as Keras 3's files name them. */
function projections(config: Config, { query, shared, keySize, valueSize }: Heads): readonly WeightSpec[] {
  const bias = config.flag("use_bias", true);
  const last = (shape: readonly number[] | undefined) => shape?.at(-1) as number;
  const into = (part: string, heads: number, size: number, input: (seen: Seen) => number) => [
    weight(`${part}_kernel`, (seen) => [input(seen), heads, size], { holder: `${part}_dense` }),
    ...when(
      bias,
      weight(`${part}_bias`, () => [heads, size], { holder: `${part}_dense` }),
    ),
  ];
  const output = ({ shapes }: Seen) => config.intList("output_shape", [last(shapes[0])]);
  return [
    ...into("query", query, keySize, ({ shapes }) => last(shapes[0])),
    ...into("key", shared, keySize, ({ shapes }) => last(shapes[2] ?? shapes[1])),
    ...(config.flag("use_gate", false) ? into("gate", query, valueSize, ({ shapes }) => last(shapes[0])) : []),
    ...into("value", shared, valueSize, ({ shapes }) => last(shapes[1])),
    weight("output_kernel", (seen) => [query, valueSize, ...output(seen)], { holder: "output_dense" }),
    ...when(bias, weight("output_bias", output, { holder: "output_dense" })),
  ];
}

/** The inputs in the order in which `projections` counts them. */
function seen(w: LayerWriter): Seen {
  const [query, value, key] = operands(w);
  return { shapes: [query, value, key].map((input) => w.shape(input)), channels: 0 };
}

function project(w: LayerWriter, x: string, part: string, equation: string): string {
  const own = (name: string) => w.state.weight(w.layer, name, seen(w));
  const product = w.emit("Einsum", [x, own(`${part}_kernel`)], { equation });
  return w.config.flag("use_bias", true) ? w.emit("Add", [product, own(`${part}_bias`)]) : product;
}

/** Which axes of `[batch, …, size]` are positions; those before them are more items of the batch. */
function positionAxes(w: LayerWriter, rank: number): { items: number[]; positions: number[] } {
  const inner = Array.from({ length: rank - 2 }, (_, i) => i + 1);
  const asked = w.config.intList("attention_axes", []).map((axis) => (axis < 0 ? axis + rank : axis));
  if (asked.some((axis) => !inner.includes(axis))) w.fail("BAD_MODEL", `attends along axes ${asked.join(", ")} of ${rank}`);
  const positions = asked.length ? [...new Set(asked)] : inner;
  return { items: inner.filter((axis) => !positions.includes(axis)), positions };
}

/** `[batch, …, size]` as `[batch · items, positions, size]`. */
function flatPositions(w: LayerWriter, value: Value): string {
  const shape = w.shape(value);
  if (shape.length === 3) return w.own(value);
  const { items, positions } = positionAxes(w, shape.length);
  const moved = w.transpose(w.own(value), [0, ...items, ...positions, shape.length - 1]);
  const count = positions.reduce((n, axis) => n * (shape[axis] as number), 1);
  return w.emit("Reshape", [moved, w.ints([-1, count, shape.at(-1) as number])]);
}

/** The way back, for tensors with as many axes as the query. */
function fullPositions(w: LayerWriter, x: string, query: Value): Value {
  const shape = w.shape(query);
  if (shape.length === 3) return { tensor: x };
  const { items, positions } = positionAxes(w, shape.length);
  const order = [0, ...items, ...positions, shape.length - 1];
  const sizes = [...items, ...positions].map((axis) => shape[axis] as number);
  const apart = w.emit("Reshape", [x, w.ints([-1, ...sizes, w.graphShape(x)[2] as number])]);
  return w.fromOwn(w.transpose(apart, invert(order)));
}

function headed(w: LayerWriter, { query, shared, keySize }: Heads): readonly Value[] {
  const [queries, values, keys] = operands(w);
  const into = (part: string, value: Value) => project(w, flatPositions(w, value), part, "btd,dhs->bths");
  const scaled = w.emit("Mul", [into("query", queries), w.scalar(1 / Math.sqrt(keySize))]);
  const [key, value] = [into("key", keys), into("value", values)].map((x) => repeatHeads(w, x, query / shared)) as [string, string];
  const scores = w.emit("Einsum", [scaled, key], { equation: "bqhs,bkhs->bhqk" });
  const weights = softmaxOfSeen(w, scores, [...places(w, scores), ...headMasks(w)], headManner(w));
  const mixed = w.emit("Einsum", [weights, value], { equation: "bhqk,bkhs->bqhs" });
  const gated = w.config.flag("use_gate", false) ? w.emit("Mul", [mixed, w.emit("Sigmoid", [into("gate", queries)])]) : mixed;
  return [fullPositions(w, project(w, gated, "output", "bqhs,hso->bqo"), queries), { tensor: weights }];
}

/** Every head several times, one beside the other: `[batch, positions, heads, size]`. */
function repeatHeads(w: LayerWriter, x: string, times: number): string {
  if (times === 1) return x;
  const [, positions, heads, size] = w.graphShape(x) as [number, number, number, number];
  const tiled = w.emit("Tile", [w.emit("Unsqueeze", [x, w.ints([3])]), w.ints([1, 1, 1, times, 1])]);
  return w.reshape(tiled, [positions, heads * times, size]);
}

function manyHeads(config: Config): Heads {
  const [heads, keySize] = [config.int("num_heads"), config.int("key_dim")];
  return { query: heads, shared: heads, keySize, valueSize: config.int("value_dim", keySize) };
}

const MultiHeadAttention: LayerDef = {
  kind: "MultiHeadAttention",
  masks: passesOnQuery,
  weights: (config) => projections(config, manyHeads(config)),
  emit: (w) => {
    const wantsWeights = w.call.kwargs.return_attention_scores;
    if (wantsWeights?.kind === "value" && wantsWeights.value === true && w.shape(w.input).length !== 3)
      w.fail("UNSUPPORTED_LAYER", "gives its attention out over several axes");
    if (isObject(w.config.raw("output_shape")) || w.config.intList("output_shape", [0]).length > 1) w.fail("UNSUPPORTED_LAYER", "gives several axes out");
    const outputs = headed(w, manyHeads(w.config));
    if (w.state.masks.keras3) takeMasks(operands(w));
    return outputs;
  },
};

function groupedHeads(config: Config): Heads {
  const size = config.int("head_dim");
  return { query: config.int("num_query_heads"), shared: config.int("num_key_value_heads"), keySize: size, valueSize: size };
}

const GroupQueryAttention: LayerDef = {
  kind: "GroupQueryAttention",
  masks: passesOnQuery,
  weights: (config) => projections(config, groupedHeads(config)),
  emit: (w) => headed(w, groupedHeads(w.config)),
};

/** `[…, queries, 1, size] + […, 1, keys, size]`. */
function pairwise(w: LayerWriter, query: string, key: string): string {
  return w.emit("Add", [w.emit("Unsqueeze", [query, w.ints([-2])]), w.emit("Unsqueeze", [key, w.ints([-3])])]);
}

/** With its last two axes in each other's place. */
function turned(w: LayerWriter, x: string): string {
  const rank = w.graphShape(x).length;
  return w.transpose(x, [...Array.from({ length: rank - 2 }, (_, i) => i), rank - 1, rank - 2]);
}

/** softmax of scores · value, and that softmax. Queries that do not count give zeros. */
function weigh(w: LayerWriter, scores: string, value: string): readonly Value[] {
  const [queries, values] = w.masks.map((mask) => mask?.());
  const seen = [...places(w, scores), ...(values ? [w.emit("Unsqueeze", [values, w.ints([-2])])] : [])];
  const weights = softmaxOfSeen(w, scores, seen, "lowered");
  const mixed = w.emit("MatMul", [weights, value]);
  const shown = queries ? w.emit("Where", [w.emit("Unsqueeze", [queries, w.ints([-1])]), mixed, w.scalar(0)]) : mixed;
  return [w.fromOwn(shown), w.fromOwn(weights)];
}

const sumLast = (w: LayerWriter, x: string) => w.emit("ReduceSum", [x, w.ints([-1])], { keepdims: 0 });

/** Luong's attention: query · keyᵀ, or with `concat` the sum of tanh(query + key). */
const Attention: LayerDef = {
  kind: "Attention",
  masks: passesOn,
  weights: (config) => [
    ...when(
      config.flag("use_scale", false),
      weight("scale", () => []),
    ),
    ...when(
      config.text("score_mode", "dot") === "concat",
      weight("concat_score_weight", () => []),
    ),
  ],
  emit: (w) => {
    const [query, value, key] = operands(w).map((input) => w.own(input)) as [string, string, string];
    const scaled = (x: string) => (w.config.flag("use_scale", false) ? w.emit("Mul", [x, w.weight("scale")]) : x);
    const scores =
      w.config.text("score_mode", "dot") === "dot"
        ? scaled(w.emit("MatMul", [query, turned(w, key)]))
        : w.emit("Mul", [sumLast(w, w.emit("Tanh", [scaled(pairwise(w, query, key))])), w.weight("concat_score_weight")]);
    return weigh(w, scores, value);
  },
};

/** Bahdanau's attention: the sum of scale · tanh(query + key). */
const AdditiveAttention: LayerDef = {
  kind: "AdditiveAttention",
  masks: passesOn,
  weights: (config) =>
    when(
      config.flag("use_scale", true),
      weight("scale", ({ shapes: [query = []] }) => [query.at(-1) as number]),
    ),
  emit: (w) => {
    const [query, value, key] = operands(w).map((input) => w.own(input)) as [string, string, string];
    const sums = w.emit("Tanh", [pairwise(w, query, key)]);
    const scores = sumLast(w, w.config.flag("use_scale", true) ? w.emit("Mul", [sums, w.weight("scale")]) : sums);
    return weigh(w, scores, value);
  },
};

export const attentionLayers: readonly LayerDef[] = [MultiHeadAttention, GroupQueryAttention, Attention, AdditiveAttention];
