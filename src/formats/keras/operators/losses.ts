// How far predictions are from targets, place by place.

import { add, div, mul, sub } from "../../../ops/formula.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";
import type { Operators } from "./define.ts";
import { integers, intOption, number, numberOption, option, ownOperand, valueOperand } from "./operands.ts";
import { reduceBy } from "./reduction.ts";

/** Probabilities are kept this far from 0 and 1. */
const EPSILON = 1e-7;

const clipped = (w: LayerWriter, x: string) => w.emit("Clip", [x, w.scalar(EPSILON), w.scalar(1 - EPSILON)]);

const log = (w: LayerWriter, x: string) => w.emit("Log", [x]);

/**
 * Target and output in Keras's order, and whether the output is one of scores. As Keras does, an output that comes straight from
 * a softmax or a sigmoid is replaced by what went into that.
 */
function operands(w: LayerWriter) {
  const output = valueOperand(w, 1, "output");
  const made = w.state.graph.nodes.find(({ outputs }) => outputs[0] === output.tensor);
  const squashed = made?.op === "Softmax" || made?.op === "Sigmoid";
  const scores = squashed ? { ...output, tensor: made.inputs[0] as string } : output;
  return { target: ownOperand(w, 0, "target"), output: number(w, w.own(scores)), scores: squashed || option(w, 2, "from_logits") === true };
}

/** −t ln p − (1 − t) ln(1 − p); of scores x: max(x, 0) − x t + ln(1 + e^−|x|). */
function binary(w: LayerWriter): Value {
  const { target, output, scores } = operands(w);
  if (scores) {
    const tail = log(w, add(w, w.emit("Exp", [w.emit("Neg", [w.emit("Abs", [output])])]), 1));
    return w.fromOwn(add(w, sub(w, w.emit("Relu", [output]), mul(w, output, target)), tail));
  }
  const p = clipped(w, output);
  return w.fromOwn(w.emit("Neg", [add(w, mul(w, target, log(w, p)), mul(w, sub(w, 1, target), log(w, sub(w, 1, p))))]));
}

/** −Σ t ln p, with p made to sum to 1. */
function categorical(w: LayerWriter): Value {
  const { target, output, scores } = operands(w);
  const axis = w.axis({ tensor: output }, intOption(w, -1, 3, "axis"));
  const sum = (x: string, keepdims: 0 | 1) => reduceBy("ReduceSum")(w, x, [axis], keepdims);
  const logs = scores ? w.emit("LogSoftmax", [output], { axis }) : log(w, clipped(w, div(w, output, sum(output, 1))));
  return w.fromOwn(w.emit("Neg", [sum(mul(w, target, logs), 0)]));
}

/** −ln p of the class that the target numbers, by a softmax of the scores or of the logarithms of the probabilities. */
function sparse(w: LayerWriter): Value {
  const { target, output, scores } = operands(w);
  const axis = w.graphShape(output).length - 1;
  const classes = w.graphShape(target).length === axis ? w.emit("Unsqueeze", [integers(w, target), w.ints([-1])]) : integers(w, target);
  const logs = w.emit("LogSoftmax", [scores ? output : log(w, clipped(w, output))], { axis });
  return w.fromOwn(w.emit("Neg", [w.emit("Squeeze", [w.emit("GatherElements", [logs, classes], { axis }), w.ints([axis])])]));
}

/** 10 · log₁₀(most² / mean (a − b)²) */
function psnr(w: LayerWriter): Value {
  const apart = sub(w, ownOperand(w, 0, "x1"), ownOperand(w, 1, "x2"));
  const error = w.emit("ReduceMean", [mul(w, apart, apart)], { keepdims: 0 });
  return { tensor: sub(w, 20 * Math.log10(numberOption(w, 1, 2, "max_val")), mul(w, log(w, error), 10 / Math.LN10)) };
}

export const lossOperators: Operators = {
  binary_crossentropy: binary,
  categorical_crossentropy: categorical,
  psnr,
  sparse_categorical_crossentropy: sparse,
};
