// Keras's recurrent cells as ONNX's operators have them: gates in another order, weights transposed, activations by other names.

import { lookUp } from "../ir.ts";
import type { Config } from "./config.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { type Seen, type WeightSpec, weight, when } from "./weight-spec.ts";

export interface Cell {
  readonly kind: string;
  readonly op: string;
  /** Keras's gates, in Keras's order; Keras 1 stores them one by one, in this order too. */
  readonly gates: readonly string[];
  /** ONNX's order of the same gates. */
  readonly order: readonly number[];
  /** Keras 1's order of storing. */
  readonly old: readonly number[];
  readonly states: number;
  /** Whether weights lie as cuDNN wants them: every gate's matrices transposed, two biases one behind the other. */
  readonly cudnn?: boolean;
}

const lstm: Cell = { kind: "LSTM", op: "LSTM", gates: ["i", "f", "c", "o"], order: [0, 3, 1, 2], old: [0, 2, 1, 3], states: 2 };

const gru: Cell = { kind: "GRU", op: "GRU", gates: ["z", "r", "h"], order: [0, 1, 2], old: [0, 1, 2], states: 1 };

export const cells: readonly Cell[] = [
  lstm,
  gru,
  { ...lstm, kind: "CuDNNLSTM", cudnn: true },
  { ...gru, kind: "CuDNNGRU", cudnn: true },
  { kind: "SimpleRNN", op: "RNN", gates: ["h"], order: [0], old: [0], states: 1 },
];

/** The cell of a layer's kind. */
export function findCell(kind: string): Cell | undefined {
  return cells.find((cell) => cell.kind === kind);
}

/** Keras 1 kept every gate's weights apart, but for `consume_less: "gpu"`. */
const isApart = (config: Config, { gates }: Cell) => gates.length > 1 && ["cpu", "mem"].includes(String(config.raw("consume_less")));

const hasTwoBiases = (config: Config, { kind, cudnn }: Cell) => cudnn === true || (kind === "GRU" && config.flag("reset_after", false));

export function weightsOf(config: Config, cell: Cell): readonly WeightSpec[] {
  const units = config.int("units");
  const size = ({ shapes: [x = []] }: Seen) => x.at(-1) as number;
  const holder = { holder: "cell" };
  if (isApart(config, cell)) {
    return cell.old.flatMap((gate) => [
      weight(`W_${cell.gates[gate]}`, (seen) => [size(seen), units]),
      weight(`U_${cell.gates[gate]}`, () => [units, units]),
      weight(`b_${cell.gates[gate]}`, () => [units]),
    ]);
  }
  const wide = cell.gates.length * units;
  return [
    weight("kernel", (seen) => [size(seen), wide], holder),
    weight("recurrent_kernel", () => [units, wide], holder),
    ...when(
      config.flag("use_bias", true),
      weight("bias", () => (cell.cudnn ? [2 * wide] : hasTwoBiases(config, cell) ? [2, wide] : [wide]), holder),
    ),
  ];
}

/** One kind of weights as a part for each gate, in ONNX's order: `[…, units]` each. */
function gateParts(w: LayerWriter, cell: Cell, name: "kernel" | "recurrent_kernel" | "bias"): string[] {
  const letter = { kernel: "W", recurrent_kernel: "U", bias: "b" }[name];
  if (isApart(w.config, cell)) return cell.order.map((gate) => w.weight(`${letter}_${cell.gates[gate]}`));
  const units = w.config.int("units");
  const stored = w.weight(name);
  const whole = cell.cudnn && name === "bias" ? w.state.graph.reshape(stored, [2, cell.gates.length * units]) : stored;
  const axis = w.graphShape(whole).length - 1;
  const parts = cell.order.map((gate) => w.emit("Slice", [whole, w.ints([gate * units]), w.ints([(gate + 1) * units]), w.ints([axis])]));
  return cell.cudnn && name !== "bias" ? parts.map((part) => fromCudnn(w, part)) : parts;
}

/** `[in, units]` as cuDNN keeps it: the same numbers as rows of `[units, in]`. */
function fromCudnn(w: LayerWriter, part: string): string {
  const [inputs, units] = w.graphShape(part) as [number, number];
  return w.transpose(w.state.graph.reshape(part, [units, inputs]), [1, 0]);
}

/** `[in, units]` of every gate → `[1, gates · units, in]`. */
function matrix(w: LayerWriter, parts: readonly string[]): string {
  const joined = parts.length === 1 ? (parts[0] as string) : w.emit("Concat", parts, { axis: 1 });
  return w.emit("Unsqueeze", [w.transpose(joined, [1, 0]), w.ints([0])]);
}

/** ONNX adds two biases, of the input and of the state: `[1, 2 · gates · units]`. */
function biases(w: LayerWriter, cell: Cell): string {
  const parts = gateParts(w, cell, "bias");
  const joined = parts.length === 1 ? (parts[0] as string) : w.emit("Concat", parts, { axis: -1 });
  const size = cell.gates.length * w.config.int("units");
  if (hasTwoBiases(w.config, cell)) return w.state.graph.reshape(joined, [1, 2 * size]);
  return w.emit("Unsqueeze", [w.emit("Concat", [joined, w.constant(new Array<number>(size).fill(0))], { axis: 0 }), w.ints([0])]);
}

/** ONNX's name of an activation, with its alpha and beta if it has them. */
const FUNCTIONS: Readonly<Record<string, readonly [name: string, alpha?: number, beta?: number]>> = {
  tanh: ["Tanh"],
  sigmoid: ["Sigmoid"],
  relu: ["Relu"],
  linear: ["Affine", 1, 0],
  hard_sigmoid: ["HardSigmoid", 1 / 6, 0.5],
  hard_sigmoid_2: ["HardSigmoid", 0.2, 0.5],
  elu: ["Elu", 1],
  leaky_relu: ["LeakyRelu", 0.2],
  softsign: ["Softsign"],
  softplus: ["Softplus"],
};

/** Parameters are listed for those functions only that have them. */
function activations(w: LayerWriter, { op }: Cell) {
  const own = w.config.raw("activation") ?? "tanh";
  const gate = w.config.raw("recurrent_activation") ?? "sigmoid";
  const names = op === "LSTM" ? [gate, own, own] : op === "GRU" ? [gate, own] : [own];
  const functions = names.map(
    (name) =>
      (typeof name === "string" ? lookUp(FUNCTIONS, name) : undefined) ??
      w.fail(
        "UNSUPPORTED_LAYER",
        `has the activation ${JSON.stringify(name)}`,
        `Use one of ${Object.keys(FUNCTIONS).join(", ").replace(", hard_sigmoid_2", "")}.`,
      ),
  );
  return {
    activations: functions.map(([name]) => name),
    activation_alpha: functions.flatMap(([, alpha]) => alpha ?? []),
    activation_beta: functions.flatMap(([, , beta]) => beta ?? []),
  };
}

/** What a cell's operator takes besides the input and the states: kernel, recurrent kernel, bias. */
export function operatorWeights(w: LayerWriter, cell: Cell): [kernel: string, recurrent: string, bias: string] {
  const bias = w.config.flag("use_bias", true) ? biases(w, cell) : "";
  return [matrix(w, gateParts(w, cell, "kernel")), matrix(w, gateParts(w, cell, "recurrent_kernel")), bias];
}

export function operatorAttributes(w: LayerWriter, cell: Cell): Readonly<Record<string, unknown>> {
  const resets = cell.op === "GRU" ? { linear_before_reset: hasTwoBiases(w.config, cell) ? 1 : 0 } : {};
  return { hidden_size: w.config.int("units"), ...activations(w, cell), ...resets };
}
