// Activations of recurrent operators by ONNX's names, with their derivatives.

import { fail } from "../errors.ts";
import type { Rule } from "./define.ts";
import { add, compare, div, either, keepWhere, mul, square, sub } from "./formula.ts";

/** One activation, its parameters applied. */
export interface Gate {
  /** y = f(a) */
  readonly f: (a: string) => string;
  /** f′ from a and y = f(a). */
  readonly derivative: (a: string, y: string) => string;
}

interface Definition {
  /** Defaults of alpha and beta, for those that the function has. */
  readonly parameters: readonly number[];
  readonly gate: (r: Rule, alpha: number, beta: number) => Gate;
}

const ones = (r: Rule, a: string, value = 1) => r.emit("Expand", [r.scalar(value, a), r.ints(r.shape(a))]);

/** One number where a > limit, another elsewhere. */
const steps = (r: Rule, a: string, limit: number, above: number, below: number) => {
  const slope = either(r, compare(r, "Greater", a, limit), above, below, a);
  return typeof slope === "string" ? slope : ones(r, a, slope);
};

const definitions: Readonly<Record<string, Definition>> = {
  sigmoid: { parameters: [], gate: (r) => ({ f: (a) => r.emit("Sigmoid", [a]), derivative: (_, y) => mul(r, y, sub(r, 1, y)) }) },
  tanh: { parameters: [], gate: (r) => ({ f: (a) => r.emit("Tanh", [a]), derivative: (_, y) => sub(r, 1, square(r, y)) }) },
  relu: { parameters: [], gate: (r) => ({ f: (a) => r.emit("Relu", [a]), derivative: (a) => steps(r, a, 0, 1, 0) }) },
  softsign: {
    parameters: [],
    gate: (r) => ({ f: (a) => r.emit("Softsign", [a]), derivative: (a) => div(r, 1, square(r, add(r, r.emit("Abs", [a]), 1))) }),
  },
  softplus: { parameters: [], gate: (r) => ({ f: (a) => r.emit("Softplus", [a]), derivative: (a) => r.emit("Sigmoid", [a]) }) },
  affine: { parameters: [1, 0], gate: (r, alpha, beta) => ({ f: (a) => add(r, mul(r, a, alpha), beta), derivative: (a) => ones(r, a, alpha) }) },
  leakyrelu: {
    parameters: [0.01],
    gate: (r, alpha) => ({ f: (a) => r.emit("LeakyRelu", [a], { alpha }), derivative: (a) => steps(r, a, 0, 1, alpha) }),
  },
  scaledtanh: {
    parameters: [1, 1],
    gate: (r, alpha, beta) => ({
      f: (a) => mul(r, r.emit("Tanh", [mul(r, a, beta)]), alpha),
      derivative: (a) => mul(r, sub(r, 1, square(r, r.emit("Tanh", [mul(r, a, beta)]))), alpha * beta),
    }),
  },
  hardsigmoid: {
    parameters: [0.2, 0.5],
    gate: (r, alpha, beta) => ({
      f: (a) => r.emit("HardSigmoid", [a], { alpha, beta }),
      derivative: (_, y) => keepWhere(r, compare(r, "Less", y, 1), steps(r, y, 0, alpha, 0)),
    }),
  },
  elu: {
    parameters: [1],
    gate: (r, alpha) => ({
      f: (a) => r.emit("Elu", [a], { alpha }),
      // α·eᵃ = y + α below zero.
      derivative: (a, y) => r.emit("Where", [compare(r, "Greater", a, 0), r.scalar(1, a), add(r, y, alpha)]),
    }),
  },
};

export interface NamedGates {
  readonly activations: readonly string[] | undefined;
  readonly activation_alpha: readonly number[] | undefined;
  readonly activation_beta: readonly number[] | undefined;
}

/** The activations of direction `direction`. Parameters are listed for those functions only that have them. @throws {NO_GRADIENT} */
export function readGates(
  r: Rule,
  { activations, activation_alpha = [], activation_beta = [] }: NamedGates,
  defaults: readonly string[],
  direction: number,
): Gate[] {
  const count = defaults.length;
  const names = activations?.length ? activations : defaults;
  const [alphas, betas] = [[...activation_alpha], [...activation_beta]];
  const gates = names.map((name) => {
    const found = definitions[name.toLowerCase()] ?? failActivation(name);
    const [alpha, beta] = found.parameters;
    return found.gate(r, alpha === undefined ? 0 : (alphas.shift() ?? alpha), beta === undefined ? 0 : (betas.shift() ?? beta));
  });
  return gates.length > count ? gates.slice(direction * count, (direction + 1) * count) : gates;
}

function failActivation(name: string): never {
  return fail("NO_GRADIENT", `the activation ${name} has no rule.`, { hint: "Choose a layer behind it.", details: { activation: name } });
}
