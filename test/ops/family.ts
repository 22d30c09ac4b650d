// Turns a family's table of cases into tests.

import { describe, expect, it } from "vitest";
import { isPellucidError } from "../../src/errors.ts";
import type { AnyOp } from "../../src/ops/define.ts";
import { families } from "../../src/ops/table.ts";
import { checkAdjoint, checkFlat, checkFolding, checkGradients, checkHalf, checkShapes } from "./check-case.ts";
import type { Precision } from "./inputs.ts";
import { buildCase, type OpCase } from "./op-case.ts";

/** Cases by operator type (`com.microsoft.Gelu` outside the standard domain), or the reason why there are none. */
export type CaseTable = Readonly<Record<string, readonly OpCase[] | string>>;

export interface FamilyOptions {
  /** Operators whose ONNX Runtime kernels take float32 only: their differences are computed in it. */
  readonly float32?: readonly string[];
}

/** Tests every operator of a family of the table; fails for those without cases. */
export function testFamily(family: string, cases: CaseTable, { float32 = [] }: FamilyOptions = {}): void {
  const ops = families[family] ?? [];
  it("has cases, or a reason, for every operator and for no other", () => {
    expect(Object.keys(cases).sort()).toEqual(ops.map(nameOf).sort());
  });
  for (const op of ops) {
    const list = cases[nameOf(op)];
    if (!Array.isArray(list)) continue;
    describe(nameOf(op), () => {
      for (const opCase of list as OpCase[]) testCase(op, opCase, float32.includes(nameOf(op)) ? "float32" : "float64");
    });
  }
}

function nameOf(op: AnyOp): string {
  return op.domain ? `${op.domain}.${op.type}` : op.type;
}

function testCase(op: AnyOp, opCase: OpCase, precision: Precision): void {
  if (opCase.refused) {
    it(`refuses ${opCase.name}`, () => {
      expect(() => buildCase(op, opCase, "float32")).toThrow(expect.toSatisfy((error: unknown) => isPellucidError(error, opCase.refused)));
    });
    return;
  }
  describe(opCase.name, () => {
    it("has ONNX Runtime's dtypes and shapes", () => checkShapes(op, opCase));
    if (typeof op.gradient === "function") it(`has the gradient of ${precision} differences`, () => checkGradients(op, opCase, precision));
    if (typeof op.gradient === "function" && opCase.half !== false) it("has a gradient in half precision", () => checkHalf(op, opCase));
    if (op.gradient === "zero") it(`is flat by ${precision} differences`, () => checkFlat(op, opCase, precision));
    if (opCase.linear) it("fulfils the adjoint identity", () => checkAdjoint(op, opCase));
    if (op.evaluate && opCase.folds !== false) it("folds constants as ONNX Runtime computes them", () => checkFolding(op, opCase));
  });
}
