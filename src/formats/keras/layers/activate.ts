// Activation functions by the names that Keras gives them.

import { isObject, type Json, type KerasLayer, lookUp } from "../ir.ts";
import type { LayerWriter } from "./layer-writer.ts";
import type { Value } from "./value.ts";

/** Writes an activation's nodes. @param axis graph axis of Keras's last axis */
type Activate = (w: LayerWriter, x: string, axis: number) => string;

const unary =
  (op: string, attrs?: Readonly<Record<string, unknown>>): Activate =>
  (w, x) =>
    w.emit(op, [x], attrs);

const clip = (w: LayerWriter, x: string, low: number, high: number) => w.emit("Clip", [x, w.scalar(low), w.scalar(high)]);

const silu: Activate = (w, x) => w.emit("Mul", [x, w.emit("Sigmoid", [x])]);

/**
 * max(x − τ, 0). With z sorted from the largest and k the places where 1 + i·zᵢ > z₁ + … + zᵢ, Keras takes τ = (Σ of those k
 * partial sums − 1) / k; the paper (Martins and Astudillo 2016) has the last of them only.
 */
function sparsemax(w: LayerWriter, x: string, axis: number): string {
  const size = w.graphShape(x)[axis] as number;
  const ranks = w.constant(
    Array.from({ length: size }, (_, i) => i + 1),
    w.graphShape(x).map((_, i) => (i === axis ? size : 1)),
  );
  const [sorted] = w.state.graph.emitMany("TopK", [x, w.ints([size])], 2, { axis }) as [string, string];
  const sums = w.emit("CumSum", [sorted, w.state.graph.scalar(axis, "int64")]);
  const isIn = w.emit("Greater", [w.emit("Add", [w.emit("Mul", [sorted, ranks]), w.scalar(1)]), sums]);
  const total = (values: string) => w.emit("ReduceSum", [w.emit("Where", [isIn, values, w.scalar(0)]), w.ints([axis])], { keepdims: 1 });
  const threshold = w.emit("Div", [w.emit("Sub", [total(sums), w.scalar(1)]), total(w.scalar(1))]);
  return w.emit("Relu", [w.emit("Sub", [x, threshold])]);
}

/** hard_silu(x) = x · clip(x/6 + 1/2, 0, 1). */
const hardSilu = unary("HardSwish");

export const activationFunctions: Readonly<Record<string, Activate>> = {
  linear: (_, x) => x,
  relu: unary("Relu"),
  relu6: (w, x) => clip(w, x, 0, 6),
  leaky_relu: unary("LeakyRelu", { alpha: 0.2 }),
  elu: unary("Elu"),
  selu: unary("Selu"),
  celu: unary("Celu"),
  gelu: unary("Gelu"),
  // TensorFlow.js's name.
  gelu_new: unary("Gelu", { approximate: "tanh" }),
  silu,
  swish: silu,
  mish: unary("Mish"),
  sigmoid: unary("Sigmoid"),
  log_sigmoid: (w, x) => w.emit("Neg", [w.emit("Softplus", [w.emit("Neg", [x])])]),
  hard_sigmoid: unary("HardSigmoid", { alpha: 1 / 6, beta: 0.5 }),
  // Until Keras 2: clip(x/5 + 1/2, 0, 1).
  hard_sigmoid_2: unary("HardSigmoid", { alpha: 0.2, beta: 0.5 }),
  hard_silu: hardSilu,
  hard_swish: hardSilu,
  tanh: unary("Tanh"),
  hard_tanh: (w, x) => clip(w, x, -1, 1),
  tanh_shrink: (w, x) => w.emit("Sub", [x, w.emit("Tanh", [x])]),
  hard_shrink: (w, x) => w.emit("Where", [w.emit("Greater", [w.emit("Abs", [x]), w.scalar(0.5)]), x, w.scalar(0)]),
  soft_shrink: (w, x) => w.emit("Sub", [x, clip(w, x, -0.5, 0.5)]),
  softplus: unary("Softplus"),
  softsign: unary("Softsign"),
  exponential: unary("Exp"),
  // (x + √(x² + 4)) / 2
  squareplus: (w, x) => w.emit("Mul", [w.emit("Add", [x, w.emit("Sqrt", [w.emit("Add", [w.emit("Mul", [x, x]), w.scalar(4)])])]), w.scalar(0.5)]),
  // (c + 1)²/4 + max(x − 1, 0) with c = clip(x, −1, 1)
  sparse_plus: (w, x) => {
    const raised = w.emit("Add", [clip(w, x, -1, 1), w.scalar(1)]);
    const quarter = w.emit("Mul", [w.emit("Mul", [raised, raised]), w.scalar(0.25)]);
    return w.emit("Add", [quarter, w.emit("Relu", [w.emit("Sub", [x, w.scalar(1)])])]);
  },
  sparse_sigmoid: (w, x) => w.emit("Mul", [w.emit("Add", [clip(w, x, -1, 1), w.scalar(1)]), w.scalar(0.5)]),
  softmax: (w, x, axis) => w.emit("Softmax", [x], { axis }),
  log_softmax: (w, x, axis) => w.emit("LogSoftmax", [x], { axis }),
  sparsemax,
  // The first half of the channels times the sigmoid of the second.
  glu: (w, x, axis) => {
    const half = (w.graphShape(x)[axis] as number) / 2;
    const part = (start: number) => w.emit("Slice", [x, w.ints([start]), w.ints([start + half]), w.ints([axis])]);
    return w.emit("Mul", [part(0), w.emit("Sigmoid", [part(half)])]);
  },
};

/** The activation that the layer's options name, if any, behind `value`. @throws {UNSUPPORTED_LAYER} for one of the user's own */
export function activate(w: LayerWriter, value: Value, option = "activation"): Value {
  return applyActivation(w, value, w.config.raw(option) ?? "linear");
}

/** An activation by name, or a layer that stands for one. @throws {UNSUPPORTED_LAYER} */
export function applyActivation(w: LayerWriter, value: Value, activation: Json): Value {
  const layer = activationLayer(activation, `${w.layer.name}/activation`);
  if (layer) return w.state.emitLayer(layer, [value])[0] as Value;
  const write = lookUp(activationFunctions, String(activation));
  if (write) return { ...value, tensor: write(w, value.tensor, w.axis(value, -1)) };
  return w.fail("UNSUPPORTED_LAYER", `has the activation ${String(activation)}, which is no activation of Keras`);
}

/** The layer that stands for an activation; undefined if it is a name. */
export function activationLayer(activation: Json, name: string): KerasLayer | undefined {
  if (!isObject(activation) || typeof activation.class_name !== "string" || !isObject(activation.config)) return undefined;
  const { class_name: kind, config } = activation;
  return { name, kind, className: kind, operator: false, config, trainable: true, calls: [] };
}
