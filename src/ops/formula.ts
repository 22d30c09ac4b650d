// Arithmetic for gradient rules and readers, so that they read like their formulas. Operands are tensor names or plain numbers.

import { dataTypes } from "../graph/proto/onnx.ts";
import type { DType } from "../tensor/dtype.ts";
import type { Rule } from "./define.ts";

/** What the nodes of a formula are written with: a rule, or a reader's writer. */
export type Emitter = Pick<Rule, "emit" | "scalar" | "dtype">;

/** The name of a tensor, or a number that becomes a constant of the other operand's dtype. */
export type Operand = string | number;

function binary(r: Emitter, op: string, a: Operand, b: Operand): string {
  const like = typeof a === "string" ? a : (b as string);
  const name = (operand: Operand) => (typeof operand === "string" ? operand : r.scalar(operand, like));
  return r.emit(op, [name(a), name(b)]);
}

/** a + b */
export function add(r: Emitter, a: Operand, b: Operand): string {
  return binary(r, "Add", a, b);
}

/** The sum of tensors of one shape. By Add, because WebGPU has no Sum. */
export function addAll(r: Pick<Emitter, "emit">, [first, ...others]: readonly string[]): string {
  return others.reduce((sum, part) => r.emit("Add", [sum, part]), first as string);
}

/** a − b */
export function sub(r: Emitter, a: Operand, b: Operand): string {
  return binary(r, "Sub", a, b);
}

/** a · b; nothing is emitted for a factor 1. */
export function mul(r: Emitter, a: Operand, b: Operand): string {
  if (a === 1 && typeof b === "string") return b;
  if (b === 1 && typeof a === "string") return a;
  return binary(r, "Mul", a, b);
}

/** a / b */
export function div(r: Emitter, a: Operand, b: Operand): string {
  return binary(r, "Div", a, b);
}

/** x² */
export function square(r: Emitter, x: string): string {
  return mul(r, x, x);
}

/** 1 / √x */
export function inverseRoot(r: Emitter, x: string): string {
  return r.emit("Reciprocal", [r.emit("Sqrt", [x])]);
}

/** min(x, most) for a number. Clip, because WebGPU has no Min. */
export function atMost(r: Emitter, x: string, most: number): string {
  return r.emit("Clip", [x, "", r.scalar(most, x)]);
}

/** A comparison as a condition: a boolean tensor. */
export function compare(r: Emitter, op: "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual" | "Equal", a: Operand, b: Operand): string {
  return binary(r, op, a, b);
}

/** `x` in another dtype; itself if it has it. */
export function cast(r: Emitter, x: string, dtype: DType): string {
  return r.dtype(x) === dtype ? x : r.emit("Cast", [x], { to: dataTypes[dtype] });
}

/** dy where the condition holds, 0 elsewhere: dy · [condition]. On the CPU a third of the time of Where. */
export function keepWhere(r: Emitter, condition: string, dy: string): string {
  return mul(r, dy, cast(r, condition, r.dtype(dy)));
}

/** 1, −1 or 0: [x > 0] − [x < 0]. WebGPU has no Sign, and on the CPU it is slow. */
export function sign(r: Emitter, x: string): string {
  const [positive, negative] = [compare(r, "Greater", x, 0), compare(r, "Less", x, 0)];
  return sub(r, cast(r, positive, r.dtype(x)), cast(r, negative, r.dtype(x)));
}

/** One number where the condition holds, another elsewhere, in the dtype of `like`; a plain number if they are the same. */
export function either(r: Emitter, condition: string, yes: number, no: number, like: string): Operand {
  if (yes === no) return yes;
  return add(r, mul(r, cast(r, condition, r.dtype(like)), yes - no), no);
}
