// Operators that draw random numbers.

import { float, int, ints } from "../graph/attributes.ts";
import { dtypeOf } from "./data-type.ts";
import { type AnyOp, defineOp, type Info, type MaybeInfo } from "./define.ts";

/** Data type 1: float32. */
const FLOAT = 1;

const uniform = { high: float(1), low: float(0), seed: float() };
const normal = { mean: float(0), scale: float(1), seed: float() };

function likeInput(x: MaybeInfo, dtype: number | undefined): Info {
  const { dtype: own, shape } = x as Info;
  return { dtype: dtype === undefined ? own : dtypeOf(dtype), shape };
}

const RandomUniform = defineOp({
  type: "RandomUniform",
  attrs: { ...uniform, dtype: int(FLOAT), shape: ints([]) },
  shape: (_, { dtype, shape }) => [{ dtype: dtypeOf(dtype), shape }],
  gradient: "zero",
});

const RandomNormal = defineOp({
  type: "RandomNormal",
  attrs: { ...normal, dtype: int(FLOAT), shape: ints([]) },
  shape: (_, { dtype, shape }) => [{ dtype: dtypeOf(dtype), shape }],
  gradient: "zero",
});

const RandomUniformLike = defineOp({
  type: "RandomUniformLike",
  attrs: { ...uniform, dtype: int() },
  shape: ([x], { dtype }) => [likeInput(x, dtype)],
  gradient: "zero",
});

const RandomNormalLike = defineOp({
  type: "RandomNormalLike",
  attrs: { ...normal, dtype: int() },
  shape: ([x], { dtype }) => [likeInput(x, dtype)],
  gradient: "zero",
});

/** Bernoulli: 1 with the probability that x gives, else 0. */
const Bernoulli = defineOp({
  type: "Bernoulli",
  attrs: { dtype: int(), seed: float() },
  shape: ([x], { dtype }) => [likeInput(x, dtype)],
  gradient: "zero",
});

export const randoms: readonly AnyOp[] = [RandomUniform, RandomNormal, RandomUniformLike, RandomNormalLike, Bernoulli];
