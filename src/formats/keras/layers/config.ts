// A layer's options, read typed: every wrong value is an error that names the layer.

import { fail } from "../../../errors.ts";
import { isList, type Json, type KerasLayer } from "../ir.ts";

export interface Config {
  /** The value as it stands; undefined if it is left out or null. */
  raw(key: string): Json | undefined;
  number(key: string, fallback?: number): number;
  int(key: string, fallback?: number): number;
  /** True or false, also as 1 or 0, which Python takes for them. */
  flag(key: string, fallback: boolean): boolean;
  text(key: string, fallback?: string): string;
  /** One number for each of `count` axes; a single number stands for all of them. */
  ints(key: string, count: number, fallback?: readonly number[]): number[];
  /** A list of whole numbers, or one of them. */
  intList(key: string, fallback?: readonly number[]): number[];
  /** A list of numbers, however nested, or one of them. */
  numbers(key: string, fallback?: readonly number[]): number[];
}

/** The options of `layer`. Its methods throw `BAD_MODEL`. */
export function readConfig(layer: KerasLayer): Config {
  const wrong = (key: string, wanted: string): never =>
    fail(
      "BAD_MODEL",
      `Layer "${layer.name}" (${layer.kind}): "${key}" is ${JSON.stringify(layer.config[key])?.slice(0, 80) ?? "not there"}, but must be ${wanted}.`,
      {
        hint: "Save the model again with Keras.",
        details: { layer: layer.name, option: key, value: layer.config[key] },
      },
    );
  const raw = (key: string): Json | undefined => layer.config[key] ?? undefined;
  const orElse = <T>(key: string, fallback: T | undefined, wanted: string, read: (value: Json) => T | undefined): T => {
    const value = raw(key);
    return (value === undefined ? fallback : read(value)) ?? wrong(key, wanted);
  };
  const flatten = (value: Json): Json[] => (isList(value) ? value.flatMap(flatten) : [value]);
  const allNumbers = (values: readonly Json[]) => (values.every((v) => typeof v === "number") ? (values as number[]) : undefined);
  const allInts = (values: readonly Json[]) => (values.every(isInt) ? values : undefined);
  return {
    raw,
    number: (key, fallback) => orElse(key, fallback, "a number", (v) => (typeof v === "number" ? v : undefined)),
    int: (key, fallback) => orElse(key, fallback, "a whole number", (v) => (isInt(v) ? v : undefined)),
    flag: (key, fallback) => orElse(key, fallback, "true or false", (v) => (v === 0 || v === 1 || typeof v === "boolean" ? Boolean(v) : undefined)),
    text: (key, fallback) => orElse(key, fallback, "a text", (v) => (typeof v === "string" ? v : undefined)),
    ints: (key, count, fallback) =>
      orElse(key, fallback?.slice(), `${count} whole numbers`, (v) => {
        const values = allInts(isList(v) ? v : new Array<Json>(count).fill(v));
        return values?.length === count ? values.slice() : undefined;
      }),
    intList: (key, fallback) => orElse(key, fallback?.slice(), "whole numbers", (v) => allInts(isList(v) ? v : [v])?.slice()),
    numbers: (key, fallback) => orElse(key, fallback?.slice(), "numbers", (v) => allNumbers(flatten(v))?.slice()),
  };
}

function isInt(value: Json): value is number {
  return typeof value === "number" && Number.isSafeInteger(value);
}
