import { describe, expect, it } from "vitest";
import type { RuleTable } from "../../src/autodiff/gradient.ts";
import { deconvnet } from "../../src/autodiff/rules/deconvnet.ts";
import { guided } from "../../src/autodiff/rules/guided.ts";
import { redirectedRelu } from "../../src/autodiff/rules/redirected-relu.ts";
import { graphOf, runGradient } from "./run-gradient.ts";

const x = [-1, 2, 7, -1, 2, 7];
const seed = [1, 2, 3, -1, -2, -3];

const relu = graphOf([1, 6], (g, input) => [g.emit("Relu", [input], {}, "y")]);
const relu6 = graphOf([1, 6], (g, input) => [g.emit("Clip", [input, g.scalar(0), g.scalar(6)], {}, "y")]);
const clip = graphOf([1, 6], (g, input) => [g.emit("Clip", [input, g.scalar(-2), g.scalar(6)], {}, "y")]);

async function through(graph: typeof relu, rules: RuleTable | undefined): Promise<readonly number[] | undefined> {
  return (await runGradient(graph, { of: "y", wrt: ["x"], rules }, x, seed)).gradients[0];
}

describe("rectifiers", () => {
  it("pass the gradient where they are linear", async () => {
    expect(await through(relu, undefined)).toEqual([0, 2, 3, -0, -2, -3]);
    expect(await through(relu6, undefined)).toEqual([0, 2, 0, -0, -2, -0]);
  });

  it("pass positive gradients only, where they are linear, in guided backpropagation", async () => {
    expect(await through(relu, guided)).toEqual([0, 2, 3, 0, 0, 0]);
    expect(await through(relu6, guided)).toEqual([0, 2, 0, 0, 0, 0]);
  });

  it("pass positive gradients only, everywhere, in deconvnets", async () => {
    expect(await through(relu, deconvnet)).toEqual([1, 2, 3, 0, 0, 0]);
    expect(await through(relu6, deconvnet)).toEqual([1, 2, 3, 0, 0, 0]);
  });

  it("are Relu and Clip from 0; other operators keep their rules", async () => {
    for (const rules of [guided, deconvnet, redirectedRelu]) expect(await through(clip, rules)).toEqual(await through(clip, undefined));
  });
});

describe("redirected ReLU", () => {
  /** Two items: something gets through the first, nothing through the second. */
  const batch = (op: "Relu" | "Clip") => graphOf([2, 4], (g, input) => [g.emit(op, op === "Relu" ? [input] : [input, g.scalar(0), g.scalar(6)], {}, "y")]);
  const pictures = [-1, 2, 7, -3, -1, -2, 7, 8];
  const seeds = [1, -2, 3, -4, 1, -2, 3, -4];

  it("lets blocked items move towards activity", async () => {
    const { gradients } = await runGradient(batch("Clip"), { of: "y", wrt: ["x"], rules: redirectedRelu }, pictures, seeds);
    expect(gradients[0]?.map((d) => d + 0)).toEqual([0, -2, 0, 0, 1, 0, 0, -4]);
  });

  it("leaves items alone that something gets through", async () => {
    const { gradients } = await runGradient(batch("Relu"), { of: "y", wrt: ["x"], rules: redirectedRelu }, pictures, seeds);
    expect(gradients[0]?.map((d) => d + 0)).toEqual([0, -2, 3, 0, 0, 0, 3, -4]);
  });
});
