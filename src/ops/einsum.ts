// Einsum: sums of products, by a formula such as "bij,bjk->bik".

import { fail } from "../errors.ts";
import { string } from "../graph/attributes.ts";
import { defineOp, type Info, type Rule } from "./define.ts";
import { broadcastShapes } from "./folding.ts";

/** An equation with one letter for every axis: no ellipsis, the output explicit. */
interface Equation {
  readonly operands: readonly string[];
  readonly output: string;
}

/** Einsum: y[out] = Σ Π xₖ[labels k]; dxᵢ[labels i] = Σ dy[out] · Π_{k≠i} xₖ[labels k]. */
export const Einsum = defineOp({
  type: "Einsum",
  attrs: { equation: string("") },
  shape: (inputs, { equation }) => {
    const shapes = inputs.map((info) => (info as Info).shape);
    const { operands, output } = readEquation(equation, shapes);
    const sizes = sizesOf(operands, shapes);
    return [{ dtype: (inputs[0] as Info).dtype, shape: [...output].map((label) => sizes.get(label) as number) }];
  },
  gradient: (r) => {
    const inputs = Array.from({ length: r.inputCount }, (_, i) => r.in(i));
    const shapes = inputs.map((name) => r.shape(name));
    const equation = readEquation(r.attrs.equation, shapes);
    return inputs.map((_, i) => (r.wants(i) ? operandGradient(r, inputs, equation, i) : undefined));
  },
});

/**
 * The gradient of operand i is an Einsum of dy and the other operands. A label that occurs twice in the operand (a diagonal)
 * gets a second letter and an identity matrix; one that is summed over, and that only this operand has, or has in full
 * where all others have size 1, a vector of ones. Where this operand has size 1, the walk sums over what it broadcast to.
 */
function operandGradient(r: Rule, inputs: readonly string[], { operands, output }: Equation, i: number): string {
  const sizes = r.shape(inputs[i] as string);
  const terms = [{ labels: output, name: r.dy() }, ...inputs.flatMap((name, k) => (k === i ? [] : [{ labels: operands[k] as string, name }]))];
  const isReached = (label: string, size: number) =>
    terms.some(({ labels, name }) => [...labels].some((other, axis) => other === label && (r.shape(name)[axis] as number) >= size));
  const fresh = unusedLetters([...operands, output].join(""));
  let target = "";
  [...(operands[i] as string)].forEach((label, axis) => {
    const size = sizes[axis] as number;
    if (target.includes(label)) {
      const letter = fresh.next().value as string;
      terms.push({ labels: label + letter, name: r.constant(identity(size), [size, size]) });
      target += letter;
      return;
    }
    if (!isReached(label, size)) terms.push({ labels: label, name: r.constant(new Array<number>(size).fill(1), [size]) });
    target += label;
  });
  return r.emit(
    "Einsum",
    terms.map((term) => term.name),
    { equation: `${terms.map((term) => term.labels).join(",")}->${target}` },
  );
}

function identity(size: number): number[] {
  return Array.from({ length: size * size }, (_, i) => Number(i % (size + 1) === 0));
}

function* unusedLetters(used: string): Generator<string, string> {
  for (const letter of "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") if (!used.includes(letter)) yield letter;
  return fail("UNSUPPORTED_OPERATOR", "the equation uses all letters there are.");
}

/** Spells an equation out: an ellipsis becomes letters, an implicit output the labels that occur once, in alphabetical order. */
function readEquation(equation: string, shapes: readonly (readonly number[])[]): Equation {
  const [left, right] = equation.replaceAll(" ", "").split("->") as [string, string | undefined];
  const terms = left.split(",");
  if (terms.length !== shapes.length) failEquation(equation, `has ${terms.length} operands, the node ${shapes.length} inputs`);
  const extra = terms.map((term, i) => (term.includes("...") ? (shapes[i] as readonly number[]).length - term.length + 3 : 0));
  const fresh = unusedLetters(equation);
  const ellipsis = Array.from({ length: Math.max(...extra) }, () => fresh.next().value as string).join("");
  const spell = (term: string, count: number) => term.replace("...", ellipsis.slice(ellipsis.length - count));
  const operands = terms.map((term, i) => spell(term, extra[i] as number));
  operands.forEach((labels, i) => {
    if (labels.length !== shapes[i]?.length) failEquation(equation, `does not fit input ${i} of rank ${shapes[i]?.length}`);
  });
  return { operands, output: right === undefined ? ellipsis + labelsOnce(terms.join("")) : spell(right, ellipsis.length) };
}

function labelsOnce(labels: string): string {
  const letters = [...labels].filter((label) => /[a-zA-Z]/.test(label));
  return letters
    .filter((label) => letters.indexOf(label) === letters.lastIndexOf(label))
    .sort()
    .join("");
}

/** The size of every label; an axis of size 1 broadcasts. */
function sizesOf(operands: readonly string[], shapes: readonly (readonly number[])[]): Map<string, number> {
  const sizes = new Map<string, number>();
  operands.forEach((labels, i) => {
    [...labels].forEach((label, axis) => {
      const size = (shapes[i] as readonly number[])[axis] as number;
      sizes.set(label, broadcastShapes([[sizes.get(label) ?? 1], [size]])[0] as number);
    });
  });
  return sizes;
}

function failEquation(equation: string, what: string): never {
  return fail("SHAPE_MISMATCH", `the equation "${equation}" ${what}.`, { details: { equation } });
}
