// What an operation of the graph is applied to: tensors and plain values, by position or by keyword.

import { cast } from "../../../ops/formula.ts";
import type { Argument, Json } from "../ir.ts";
import { isList } from "../ir.ts";
import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";

/** Operand `i`, by position or by any of these names; undefined if it is left out. */
export function operand(w: LayerWriter, i: number, ...names: readonly string[]): Argument<Value> | undefined {
  const named = names.map((name) => w.call.kwargs[name]).find((argument) => argument !== undefined);
  return w.call.args[i] ?? named;
}

/** A plain value: operand `i`, a keyword or one of the operation's options. */
export function option(w: LayerWriter, i: number, ...names: readonly string[]): Json | undefined {
  const given = operand(w, i, ...names);
  const value = given?.kind === "value" ? given.value : names.map((name) => w.config.raw(name)).find((v) => v !== undefined);
  return value ?? undefined;
}

/** A number of an option. */
export function numberOption(w: LayerWriter, fallback: number, i: number, ...names: readonly string[]): number {
  const value = option(w, i, ...names) ?? fallback;
  return typeof value === "number" ? value : w.fail("BAD_MODEL", `has "${names[0]}" ${JSON.stringify(value)}`);
}

/** A whole number of an option: an axis, a count. */
export function intOption(w: LayerWriter, fallback: number | undefined, i: number, ...names: readonly string[]): number {
  const value = option(w, i, ...names) ?? fallback;
  return Number.isSafeInteger(value) ? (value as number) : w.fail("BAD_MODEL", `has "${names[0]}" ${JSON.stringify(value)}`);
}

/** Axes of an option in Keras's order; undefined if it is left out, which stands for all. */
export function axesOption(w: LayerWriter, i: number, ...names: readonly string[]): number[] | undefined {
  const value = option(w, i, ...names);
  if (value === undefined) return undefined;
  const list = isList(value) ? value : [value];
  return list.every((axis) => Number.isSafeInteger(axis)) ? (list as number[]) : w.fail("BAD_MODEL", `works on axes ${JSON.stringify(value)}`);
}

/** The tensor that an operation of one tensor is applied to. @throws {BAD_MODEL} */
export function tensorOperand(w: LayerWriter, i = 0, ...names: readonly string[]): Value {
  const given = operand(w, i, ...names);
  return given?.kind === "tensor" ? given.tensor : w.fail("BAD_MODEL", `needs a tensor as its operand ${i}`);
}

/** A tensor or an array of numbers, in whatever order its axes lie. @throws {BAD_MODEL} */
export function valueOperand(w: LayerWriter, i: number, ...names: readonly string[]): Value {
  return asValue(w, operand(w, i, ...names)) ?? w.fail("BAD_MODEL", `lacks operand ${i}`);
}

/** An argument as a value; undefined if it is left out or null. */
export function asValue(w: LayerWriter, given: Argument<Value> | undefined): Value | undefined {
  if (given?.kind === "tensor") return given.tensor;
  if (given?.kind === "value") return given.value === null ? undefined : { tensor: constantOf(w, given.value) };
  return given && w.fail("UNSUPPORTED_LAYER", "is given a list that holds tensors where it takes one tensor");
}

/** A tensor or an array in Keras's order, as numbers. @throws {BAD_MODEL} */
export function ownOperand(w: LayerWriter, i: number, ...names: readonly string[]): string {
  return number(w, w.own(valueOperand(w, i, ...names)));
}

/** An operand that may be left out, in Keras's order. */
export function optionalOperand(w: LayerWriter, i: number, ...names: readonly string[]): string | undefined {
  const value = asValue(w, operand(w, i, ...names));
  return value && number(w, w.own(value));
}

/** The tensors and arrays of an operand that is a list; an array by itself counts as a list of its rows. */
export function listOperand(w: LayerWriter, i: number, ...names: readonly string[]): Value[] {
  const given = operand(w, i, ...names);
  const items: readonly Argument<Value>[] =
    given?.kind === "list"
      ? given.items
      : given?.kind === "value" && isList(given.value)
        ? given.value.map((value) => ({ kind: "value", value }))
        : given
          ? [given]
          : [];
  const values = items.map((item) => asValue(w, item) ?? w.fail("BAD_MODEL", "has nothing for a tensor in its list"));
  return values.length > 0 ? values : w.fail("BAD_MODEL", `lacks operand ${i}`);
}

/** Truth values and whole numbers count as numbers. */
export function number(w: LayerWriter, x: string): string {
  return cast(w, x, "float32");
}

/** Numbers count as true unless they are 0. */
export function truth(w: LayerWriter, x: string): string {
  return cast(w, x, "bool");
}

/** Numbers as whole ones, for operators that want them so. */
export function integers(w: LayerWriter, x: string): string {
  return cast(w, x, "int64");
}

/** Whole numbers from 0 on. */
export function counting(w: LayerWriter, count: number): string {
  return w.emit("Range", [w.scalar(0), w.scalar(count), w.scalar(1)]);
}

/**
 * Writes an operation whose operands broadcast against each other, as numpy's do.
 *
 * @param write makes the node from the operands' tensors
 */
export function broadcast(w: LayerWriter, operands: readonly (Argument<Value> | undefined)[], write: (tensors: string[]) => string): Value {
  const values = operands.flatMap((o) => (o?.kind === "tensor" ? [o.tensor] : []));
  const constants = operands.map((o) => (o?.kind === "value" ? constantOf(w, o.value) : undefined));
  if (values.length === 0) return w.fail("BAD_MODEL", "has no tensor among its operands");
  const { tensors, order } = w.aligned(values);
  const rank = w.graphShape(tensors[0] as string).length;
  const wide = constants.some((constant) => constant !== undefined && w.graphShape(constant).length > rank);
  const arranged = wide ? values.map((value) => w.own(value)) : tensors;
  const like: Value = { tensor: arranged[0] as string, ...(wide || !order ? {} : { order }) };
  let next = 0;
  const result = write(
    operands.map((o, i) => {
      if (o?.kind === "tensor") return arranged[next++] as string;
      return w.beside(constants[i] ?? w.fail("BAD_MODEL", `lacks operand ${i}`), like);
    }),
  );
  return like.order ? { tensor: result, order: like.order } : w.fromOwn(result);
}

/** A number or nested list of numbers as a constant. */
export function constantOf(w: LayerWriter, value: Json): string {
  const shape: number[] = [];
  for (let level = value; isList(level); level = level[0] ?? null) shape.push(level.length);
  const flat = flatten(value).map(Number);
  const size = shape.reduce((n, d) => n * d, 1);
  if (flat.length !== size || flat.some((n) => Number.isNaN(n)))
    w.fail("BAD_MODEL", `has the operand ${JSON.stringify(value).slice(0, 60)}, which is no array of numbers`);
  return shape.length === 0 ? w.scalar(flat[0] as number) : w.constant(flat, shape);
}

function flatten(value: Json): Json[] {
  return isList(value) ? value.flatMap(flatten) : [value];
}
