// Axes as operators name them: negative ones count from the last.

import { fail } from "../errors.ts";
import type { Info, MaybeInfo } from "./define.ts";

/** The axis from 0 to rank − 1. @throws {BAD_MODEL} if it lies outside */
export function fromFront(axis: number, rank: number): number {
  if (axis < -rank || axis >= rank) fail("BAD_MODEL", `Axis ${axis} does not exist in a tensor of ${rank} axes.`, { details: { axis, rank } });
  return axis < 0 ? axis + rank : axis;
}

/** Axes from 0 to rank − 1. @throws {BAD_MODEL} if one lies outside */
export function allFromFront(axes: readonly number[], rank: number): number[] {
  return axes.map((axis) => fromFront(axis, rank));
}

/** 0 … n − 1. */
export function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i);
}

/** The order that undoes a reordering of axes. */
export function inverseOrder(order: readonly number[]): number[] {
  return range(order.length).map((axis) => order.indexOf(axis));
}

/** The elements of an input that decides on shapes. @throws {UNSUPPORTED_OPERATOR} if they are only known at run time */
export function known(info: MaybeInfo, what: string): readonly number[] {
  return (
    (info as Info).value ??
    fail("UNSUPPORTED_OPERATOR", `its ${what} depend on what the network computes, so that shapes cannot be known before it runs.`, {
      hint: "Export the model with fixed sizes.",
    })
  );
}
