// Gradients of recurrent operators. What came out of every step is known, so all gates are computed again at once; only the
// way back goes step by step.

import { fail } from "../errors.ts";
import type { Rule } from "./define.ts";
import { add, addAll, mul, sub } from "./formula.ts";
import { type NamedGates, readGates } from "./recurrent-activations.ts";

export interface RecurrentAttrs extends NamedGates {
  readonly clip: number | undefined;
  readonly direction: string;
  readonly layout: number;
}

/** One direction of a node: tensors `[time, batch, …]` in the order in which it went through time. */
export interface Pass {
  readonly r: Rule;
  readonly gates: ReturnType<typeof readGates>;
  readonly hidden: number;
  readonly time: number;
  /** Outputs of the step before each step. */
  readonly before: string;
  /** The cells' states to begin with, `[1, batch, hidden]`. */
  readonly firstCell: string;
  /** x·Wᵀ + both halves of the bias as far as they are added to it, and the recurrent weights and biases by gate. */
  readonly fromInput: string;
  readonly recurrent: string;
  readonly recurrentBias: string | undefined;
  /** Gradients that flow into the outputs of every step, and into the last states. */
  readonly dy: string;
  readonly dLastHidden: string | undefined;
  readonly dLastCell: string | undefined;
  /** For every step whether it is within its item's sequence, `[1, batch, 1]`; undefined where all sequences are whole. */
  readonly within: readonly string[] | undefined;
}

/** Gradients of the gates' inputs of every step, and of the states to begin with. */
export interface Backward {
  readonly dGates: readonly string[];
  readonly dHidden: string;
  readonly dCell?: string;
}

/** How an operator goes back through one direction. */
export interface CellGradient {
  readonly activations: readonly string[];
  readonly backward: (pass: Pass) => Backward;
}

/** Longer sequences would need graphs beyond measure. */
const MOST_STEPS = 2048;

const WEIGHTS = [1, 2, 3];
const [SEQUENCE_LENGTHS, INITIAL_HIDDEN, INITIAL_CELL, PEEPHOLES] = [4, 5, 6, 7] as const;

/** The rule of a recurrent operator: dx and the gradients of the initial states; weights are taken as constants. @throws {NO_GRADIENT} */
export function recurrentGradient(r: Rule, attrs: RecurrentAttrs, cell: CellGradient): (string | undefined)[] {
  checkSupported(r, attrs);
  const timeFirst = attrs.layout === 0;
  const x = timeFirst ? r.in(0) : r.transpose(r.in(0), [1, 0, 2]);
  const directions = attrs.direction === "bidirectional" ? [false, true] : [attrs.direction === "reverse"];
  const passes = directions.map((reversed, d) => goBack(r, attrs, cell, { x, reversed, d }));
  const dx = addAll(
    r,
    passes.map(({ dx }) => dx),
  );
  const state = (pick: (pass: (typeof passes)[number]) => string | undefined) => {
    const joined = r.emit("Concat", passes.map(pick) as string[], { axis: 0 });
    return timeFirst ? joined : r.transpose(joined, [1, 0, 2]);
  };
  const gradients: (string | undefined)[] = [timeFirst ? dx : r.transpose(dx, [1, 0, 2])];
  if (r.wants(INITIAL_HIDDEN)) gradients[INITIAL_HIDDEN] = state(({ dHidden }) => dHidden);
  if (r.wants(INITIAL_CELL)) gradients[INITIAL_CELL] = state(({ dCell }) => dCell);
  return Array.from({ length: r.inputCount }, (_, i) => gradients[i]);
}

function checkSupported(r: Rule, { clip }: RecurrentAttrs): void {
  const time = r.shape(r.out(0))[0] as number;
  const why =
    (WEIGHTS.some((i) => r.wants(i)) && "with respect to its weights") ||
    (r.has(PEEPHOLES) && "with peepholes") ||
    (clip !== undefined && "with clipped gates") ||
    (time > MOST_STEPS && `over more than ${MOST_STEPS} steps`);
  if (!why) return;
  fail("NO_GRADIENT", `there is no rule ${why}.`, { hint: "Choose a layer behind it." });
}

interface Direction {
  readonly x: string;
  readonly reversed: boolean;
  readonly d: number;
}

/** One direction's part of the gradients. */
function goBack(r: Rule, attrs: RecurrentAttrs, cell: CellGradient, { x, reversed, d }: Direction) {
  const timeFirst = attrs.layout === 0;
  const turn = (tensor: string) => (reversed ? reverse(r, tensor) : tensor);
  const within = r.has(SEQUENCE_LENGTHS) ? withinSequence(r, r.shape(x)[0] as number) : undefined;
  /** The states of this direction: `[1, batch, hidden]`. */
  const ofStates = (tensor: string) => part(r, timeFirst ? tensor : r.transpose(tensor, [1, 0, 2]), 0, d, d + 1);
  /** All steps of this direction: `[time, batch, hidden]`. */
  const ofSteps = (tensor: string) => turn(drop(r, part(r, timeFirst ? tensor : r.transpose(tensor, [1, 2, 0, 3]), 1, d, d + 1), 1));
  const weights = (i: number) => drop(r, part(r, r.in(i), 0, d, d + 1), 0);
  const [time, batch] = r.shape(x) as [number, number, number];
  const hidden = r.shape(r.in(2))[2] as number;
  const zeros = () => r.emit("Expand", [r.scalar(0), r.ints([1, batch, hidden])]);
  const initial = (i: number) => (r.has(i) ? ofStates(r.in(i)) : zeros());
  const flowing = (i: number) => (r.flows(i) ? ofStates(r.dy(i)) : undefined);
  const kernel = weights(1);
  const product = r.emit("MatMul", [turn(x), r.transpose(kernel, [1, 0])]);
  const bias = r.has(3) ? weights(3) : undefined;
  const size = r.shape(kernel)[0] as number;
  const first = initial(INITIAL_HIDDEN);
  const outputs = ofSteps(r.out(0));
  const pass: Omit<Pass, "within"> = {
    r,
    gates: readGates(r, attrs, cell.activations, d),
    hidden,
    time,
    before: time === 1 ? first : r.emit("Concat", [first, part(r, outputs, 0, 0, time - 1)], { axis: 0 }),
    firstCell: initial(INITIAL_CELL),
    fromInput: bias ? add(r, product, part(r, bias, 0, 0, size)) : product,
    recurrent: weights(2),
    recurrentBias: bias && part(r, bias, 0, size, 2 * size),
    dy: within ? r.emit("Where", [within, ofSteps(r.dy(0)), r.scalar(0)]) : ofSteps(r.dy(0)),
    dLastHidden: flowing(1),
    dLastCell: flowing(2),
  };
  const { dGates, dHidden, dCell } = cell.backward({ ...pass, within: within ? splitSteps(pass, within) : undefined });
  return { dx: turn(r.emit("MatMul", [joinSteps(r, dGates), kernel])), dHidden, dCell };
}

/** Steps of shape `[1, …]` as one tensor. */
function joinSteps(r: Rule, steps: readonly string[]): string {
  return steps.length === 1 ? (steps[0] as string) : r.emit("Concat", steps, { axis: 0 });
}

/** A tensor `[time, …]` as steps of shape `[1, …]`. */
export function splitSteps({ r, time }: Pick<Pass, "r" | "time">, tensor: string): string[] {
  return time === 1 ? [tensor] : r.emitMany("Split", [tensor, r.ints(new Array<number>(time).fill(1))], time, { axis: 0 });
}

/** The columns or rows of gates `from` to `to`. */
export function gatePart({ r, hidden }: Pass, tensor: string, axis: number, from: number, to: number): string {
  return part(r, tensor, axis, from * hidden, to * hidden);
}

/** Places `from` to `to` along an axis; the tensor itself if these are all. */
function part(r: Rule, tensor: string, axis: number, from: number, to: number): string {
  const shape = r.shape(tensor);
  const place = axis < 0 ? axis + shape.length : axis;
  if (from === 0 && to === shape[place]) return tensor;
  return r.emit("Slice", [tensor, r.ints([from]), r.ints([to]), r.ints([place])]);
}

function drop(r: Rule, tensor: string, axis: number): string {
  return r.reshape(
    tensor,
    r.shape(tensor).filter((_, i) => i !== axis),
  );
}

/** `[time, …]` backwards; of shorter sequences their own steps only. */
function reverse(r: Rule, tensor: string): string {
  if (r.has(SEQUENCE_LENGTHS)) return r.emit("ReverseSequence", [tensor, r.emit("Cast", [r.in(SEQUENCE_LENGTHS)], { to: 7 })]);
  return r.emit("Slice", [tensor, r.ints([-1]), r.ints([-(2 ** 31)]), r.ints([0]), r.ints([-1])]);
}

/** Whether step t comes before the end of an item's sequence: `[time, batch, 1]`. Outputs behind it are zeros. */
function withinSequence(r: Rule, time: number): string {
  const steps = r.constant(
    Array.from({ length: time }, (_, t) => t),
    [time, 1, 1],
    "int32",
  );
  return r.emit("Less", [steps, r.emit("Unsqueeze", [r.in(SEQUENCE_LENGTHS), r.ints([1])])]);
}

/** What comes of step `t`, or where the sequence has ended before it what goes past: zeros if left out. */
function stepOrPast({ r, within }: Pass, t: number, step: string, past?: string): string {
  return within ? r.emit("Where", [within[t] as string, step, past ?? r.scalar(0)]) : step;
}

/** h·Rᵀ + bias for gates `from` to `to`. */
function recurrentPart(pass: Pass, h: string, from: number, to: number): string {
  const { r, recurrent, recurrentBias } = pass;
  const product = r.emit("MatMul", [h, r.transpose(gatePart(pass, recurrent, 0, from, to), [1, 0])]);
  return recurrentBias ? add(r, product, gatePart(pass, recurrentBias, 0, from, to)) : product;
}

/** What flows into the output of a step: from outside, and from the steps behind it. */
function intoStep({ r }: Pass, dy: string | undefined, later: string | undefined): string {
  return later ? add(r, dy as string, later) : (dy as string);
}

/** h = f(a); da = dh·f′, dh of the step before = da·R. */
export const rnnGradient: CellGradient = {
  activations: ["Tanh"],
  backward: (pass) => {
    const { r, gates, time } = pass;
    const [f] = gates as [(typeof gates)[number]];
    const a = add(r, pass.fromInput, recurrentPart(pass, pass.before, 0, 1));
    const slopes = splitSteps(pass, f.derivative(a, f.f(a)));
    const dys = splitSteps(pass, pass.dy);
    const dGates: string[] = [];
    let carried = pass.dLastHidden;
    for (let t = time - 1; t >= 0; t--) {
      const da = stepOrPast(pass, t, mul(r, intoStep(pass, dys[t], carried), slopes[t] as string));
      dGates[t] = da;
      carried = stepOrPast(pass, t, r.emit("MatMul", [da, pass.recurrent]), carried);
    }
    return { dGates, dHidden: carried as string };
  },
};

/** c = f·c₋ + i·g, h = o·k(c): dc = dh·o·k′ + dc₊·f₊; every gate's gradient is dh or dc times what is known beforehand. */
export const lstmGradient: CellGradient = {
  activations: ["Sigmoid", "Tanh", "Tanh"],
  backward: (pass) => {
    const { r, gates, time } = pass;
    const [gate, inner, outer] = gates as [(typeof gates)[number], (typeof gates)[number], (typeof gates)[number]];
    const a = add(r, pass.fromInput, recurrentPart(pass, pass.before, 0, 4));
    const [ai, ao, af, ag] = [0, 1, 2, 3].map((k) => gatePart(pass, a, -1, k, k + 1)) as [string, string, string, string];
    const [i, o, f, g] = [gate.f(ai), gate.f(ao), gate.f(af), inner.f(ag)] as const;
    const forgets = splitSteps(pass, f);
    const cells = cellStates(pass, forgets, splitSteps(pass, mul(r, i, g)));
    const c = joinSteps(r, cells.slice(1));
    const shown = outer.f(c);
    const factors = r.emit(
      "Concat",
      [
        mul(r, g, gate.derivative(ai, i)),
        mul(r, shown, gate.derivative(ao, o)),
        mul(r, joinSteps(r, cells.slice(0, -1)), gate.derivative(af, f)),
        mul(r, i, inner.derivative(ag, g)),
      ],
      { axis: 2 },
    );
    const [byGate, byCell] = [splitSteps(pass, factors), splitSteps(pass, mul(r, o, outer.derivative(c, shown)))];
    const dys = splitSteps(pass, pass.dy);
    const dGates: string[] = [];
    let [dHidden, dCell]: (string | undefined)[] = [pass.dLastHidden, pass.dLastCell];
    for (let t = time - 1; t >= 0; t--) {
      const dh = intoStep(pass, dys[t], dHidden);
      const through = mul(r, dh, byCell[t] as string);
      const dc: string = dCell ? add(r, dCell, through) : through;
      const da = stepOrPast(pass, t, mul(r, r.emit("Concat", [dc, dh, dc, dc], { axis: 2 }), byGate[t] as string));
      dGates[t] = da;
      dHidden = stepOrPast(pass, t, r.emit("MatMul", [da, pass.recurrent]), dHidden);
      dCell = stepOrPast(pass, t, mul(r, dc, forgets[t] as string), dCell);
    }
    return { dGates, dHidden: dHidden as string, dCell: dCell as string };
  },
};

/** The state to begin with, then that of every step. */
function cellStates({ r, firstCell }: Pass, forgets: readonly string[], added: readonly string[]): string[] {
  const cells = [firstCell];
  for (const [t, f] of forgets.entries()) cells.push(add(r, mul(r, cells[t] as string, f), added[t] as string));
  return cells;
}

/** h = (1 − z)·n + z·h₋ with n of r·h₋ or, after the product, of r·(h₋·Rᵀ + b). */
export const gruGradient = (afterProduct: boolean): CellGradient => ({
  activations: ["Sigmoid", "Tanh"],
  backward: (pass) => {
    const { r, gates, time, before } = pass;
    const [gate, inner] = gates as [(typeof gates)[number], (typeof gates)[number]];
    const gated = add(r, gatePart(pass, pass.fromInput, -1, 0, 2), recurrentPart(pass, before, 0, 2));
    const [az, ar] = [gatePart(pass, gated, -1, 0, 1), gatePart(pass, gated, -1, 1, 2)] as const;
    const [z, reset] = [gate.f(az), gate.f(ar)] as const;
    const product = afterProduct ? recurrentPart(pass, before, 2, 3) : before;
    const an = add(r, gatePart(pass, pass.fromInput, -1, 2, 3), afterProduct ? mul(r, reset, product) : recurrentPart(pass, mul(r, reset, before), 2, 3));
    const n = inner.f(an);
    const intoZ = splitSteps(pass, mul(r, sub(r, before, n), gate.derivative(az, z)));
    const intoN = splitSteps(pass, mul(r, sub(r, 1, z), inner.derivative(an, n)));
    const intoReset = splitSteps(pass, mul(r, product, gate.derivative(ar, reset)));
    const [zs, resets, dys] = [z, reset, pass.dy].map((tensor) => splitSteps(pass, tensor)) as [string[], string[], string[]];
    const [gateRows, newRows] = [gatePart(pass, pass.recurrent, 0, 0, 2), gatePart(pass, pass.recurrent, 0, 2, 3)];
    const dGates: string[] = [];
    let carried = pass.dLastHidden;
    for (let t = time - 1; t >= 0; t--) {
      const dh = intoStep(pass, dys[t], carried);
      const [dz, dn] = [mul(r, dh, intoZ[t] as string), mul(r, dh, intoN[t] as string)];
      // What flows into r·h₋, or into the product before it is reset.
      const dProduct = afterProduct ? dn : r.emit("MatMul", [dn, newRows]);
      const dReset = mul(r, dProduct, intoReset[t] as string);
      const reset = mul(r, dProduct, resets[t] as string);
      const direct = afterProduct ? r.emit("MatMul", [reset, newRows]) : reset;
      const throughGates = r.emit("MatMul", [r.emit("Concat", [dz, dReset], { axis: 2 }), gateRows]);
      dGates[t] = stepOrPast(pass, t, r.emit("Concat", [dz, dReset, dn], { axis: 2 }));
      carried = stepOrPast(pass, t, addAll(r, [mul(r, dh, zs[t] as string), direct, throughGates]), carried);
    }
    return { dGates, dHidden: carried as string };
  },
});
