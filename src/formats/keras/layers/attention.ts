// Attention layers. Positions are all axes between the batch and the last one, taken as one.

import { invert } from "../../../tensor/tensor.ts";
import { type Argument, isObject } from "../ir.ts";
import type { Config } from "./config.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
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

/** Query, value and key of a call; the key is the value if it is left out. @throws {UNSUPPORTED_LAYER} for masks */
function operands(w: LayerWriter): [query: Value, value: Value, key: Value] {
  const { args, kwargs } = w.call;
  const listed = args[0]?.kind === "list" ? args[0].items : args;
  const tensor = (argument: Argument<Value> | undefined) => (argument?.kind === "tensor" ? argument.tensor : undefined);
  const given = [tensor(listed[0]) ?? tensor(kwargs.query), tensor(listed[1]) ?? tensor(kwargs.value), tensor(listed[2]) ?? tensor(kwargs.key)];
  const masked = Object.entries(kwargs).some(([name, argument]) => name.includes("mask") && argument.kind !== "value");
  if (masked) w.fail("UNSUPPORTED_LAYER", "is called with a mask");
  const [query, value, key] = given;
  if (!query || !value) return w.fail("BAD_MODEL", "needs a query and a value");
  return [query, value, key ?? value];
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

/** softmax of scores; a causal mask hides what lies behind each query, a sliding window what is `sliding_window` places away. */
function attend(w: LayerWriter, scores: string): string {
  const flag = w.call.kwargs.use_causal_mask;
  const causal = w.config.flag("causal", false) || (flag?.kind === "value" && flag.value === true);
  const seen = causal ? hide(w, scores, (distance) => w.emit("GreaterOrEqual", [distance, w.scalar(0)])) : scores;
  if (w.config.raw("sliding_window") === undefined) return w.emit("Softmax", [seen], { axis: -1 });
  const near = hide(w, seen, (distance) => w.emit("Less", [w.emit("Abs", [distance]), w.scalar(w.config.int("sliding_window"))]));
  return w.emit("Softmax", [near], { axis: -1 });
}

/** Scores `[…, queries, keys]`, very low where `isSeen` is false of query − key. */
function hide(w: LayerWriter, scores: string, isSeen: (distance: string) => string): string {
  const [queries, keys] = w.graphShape(scores).slice(-2) as [number, number];
  const count = (n: number, shape: readonly number[]) => w.state.graph.reshape(w.emit("Range", [w.scalar(0), w.scalar(n), w.scalar(1)]), shape);
  const distance = w.emit("Sub", [count(queries, [queries, 1]), count(keys, [1, keys])]);
  return w.emit("Where", [isSeen(distance), scores, w.scalar(-1e9)]);
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
  const weights = attend(w, w.emit("Einsum", [scaled, key], { equation: "bqhs,bkhs->bhqk" }));
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
  weights: (config) => projections(config, manyHeads(config)),
  emit: (w) => {
    const wantsWeights = w.call.kwargs.return_attention_scores;
    if (wantsWeights?.kind === "value" && wantsWeights.value === true && w.shape(w.input).length !== 3)
      w.fail("UNSUPPORTED_LAYER", "gives its attention out over several axes");
    if (isObject(w.config.raw("output_shape")) || w.config.intList("output_shape", [0]).length > 1) w.fail("UNSUPPORTED_LAYER", "gives several axes out");
    return headed(w, manyHeads(w.config));
  },
};

function groupedHeads(config: Config): Heads {
  const size = config.int("head_dim");
  return { query: config.int("num_query_heads"), shared: config.int("num_key_value_heads"), keySize: size, valueSize: size };
}

const GroupQueryAttention: LayerDef = {
  kind: "GroupQueryAttention",
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

/** weights · value, and the weights. */
function weigh(w: LayerWriter, weights: string, value: string): readonly Value[] {
  return [w.fromOwn(w.emit("MatMul", [weights, value])), w.fromOwn(weights)];
}

const sumLast = (w: LayerWriter, x: string) => w.emit("ReduceSum", [x, w.ints([-1])], { keepdims: 0 });

/** Luong's attention: query · keyᵀ, or with `concat` the sum of tanh(query + key). */
const Attention: LayerDef = {
  kind: "Attention",
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
    const weights = attend(w, scores);
    return weigh(w, weights, value);
  },
};

/** Bahdanau's attention: the sum of scale · tanh(query + key). */
const AdditiveAttention: LayerDef = {
  kind: "AdditiveAttention",
  weights: (config) =>
    when(
      config.flag("use_scale", true),
      weight("scale", ({ shapes: [query = []] }) => [query.at(-1) as number]),
    ),
  emit: (w) => {
    const [query, value, key] = operands(w).map((input) => w.own(input)) as [string, string, string];
    const sums = w.emit("Tanh", [pairwise(w, query, key)]);
    const weights = attend(w, sumLast(w, w.config.flag("use_scale", true) ? w.emit("Mul", [sums, w.weight("scale")]) : sums));
    return weigh(w, weights, value);
  },
};

export const attentionLayers: readonly LayerDef[] = [MultiHeadAttention, GroupQueryAttention, Attention, AdditiveAttention];
