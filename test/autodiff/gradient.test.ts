import { describe, expect, it } from "vitest";
import { gradient } from "../../src/autodiff/gradient.ts";
import { type ErrorCode, isPellucidError } from "../../src/errors.ts";
import type { Graph, Node } from "../../src/graph/types.ts";
import { graphOf, runGradient } from "./run-gradient.ts";

function expectError(code: ErrorCode, run: () => unknown, details: Readonly<Record<string, unknown>> = {}): void {
  expect(run).toThrow(expect.toSatisfy((error: unknown) => isPellucidError(error, code)));
  expect(run).toThrow(expect.objectContaining({ details: expect.objectContaining(details) }));
}

/** y = x² + 3x, both parts of which read x; the square reads it twice. */
const parabola = graphOf([3], (g, x) => [g.emit("Add", [g.emit("Mul", [x, x], {}, "square"), g.emit("Mul", [x, g.scalar(3)])], {}, "y")]);

describe("the walk", () => {
  it("adds up what flows from several uses", async () => {
    const { gradients } = await runGradient(parabola, { of: "y", wrt: ["x"] }, [1, 2, -1], [1, 10, 100]);
    expect(gradients).toEqual([[5, 70, 100]]);
  });

  it("gives the gradients of several tensors on one path, in the order asked for", async () => {
    const { gradients } = await runGradient(parabola, { of: "y", wrt: ["square", "x", "y", "square"] }, [1, 2, -1], [1, 10, 100]);
    expect(gradients).toEqual([
      [1, 10, 100],
      [5, 70, 100],
      [1, 10, 100],
      [1, 10, 100],
    ]);
  });

  it("stops at a tensor between, without the inputs that it no longer needs", async () => {
    const chain = graphOf([2], (g, x) => [g.emit("Mul", [g.emit("Exp", [x], {}, "middle"), g.scalar(2)], {}, "y")]);
    const { graph } = gradient(chain, { of: "y", wrt: ["middle"] });
    expect(graph.inputs.map(({ name }) => name)).toEqual(["seed"]);
    expect(graph.nodes.map(({ op }) => op)).toEqual(["Mul", "Identity"]);
  });

  it("lets nothing flow through outputs that nobody uses", async () => {
    const halves = graphOf([1, 4], (g, x) => [g.emit("Exp", [g.emitMany("Split", [x, g.ints([1, 2, 1])], 3, { axis: 1 })[1] as string], {}, "y")]);
    const { gradients } = await runGradient(halves, { of: "y", wrt: ["x"] }, [5, 0, 0, 5], [1, 2]);
    expect(gradients).toEqual([[0, 1, 2, 0]]);
  });

  it("flows through the last state of a recurrent network whose other outputs are left out", async () => {
    const network = (outputs: readonly string[]) =>
      graphOf([2, 1, 2], (g, x) => {
        const weights = [4 * 2, 4 * 2].map((rows, k) =>
          g.constant(
            "float32",
            [1, rows, 2],
            Array.from({ length: 16 }, (_, i) => Math.sin(i + k)),
          ),
        );
        g.add({ op: "LSTM", domain: "", name: "lstm", inputs: [x, ...weights], outputs, attrs: { hidden_size: { kind: "int", value: 2 } } });
        return ["last"];
      });
    const values = [
      [0.3, -0.2, 0.5, 0.1],
      [1, -2],
    ] as const;
    const whole = await runGradient(network(["all", "last", "cell"]), { of: "last", wrt: ["x"] }, ...values);
    expect((await runGradient(network(["", "last"]), { of: "last", wrt: ["x"] }, ...values)).gradients).toEqual(whole.gradients);
    expect(whole.gradients[0]?.every((dx) => dx !== 0)).toBe(true);
  });

  it("ends where numbers become integers", async () => {
    const rounded = graphOf([2], (g, x) => [g.emit("Add", [g.emit("Cast", [g.emit("Cast", [x], { to: 7 })], { to: 1 }), x], {}, "y")]);
    expect((await runGradient(rounded, { of: "y", wrt: ["x"] }, [1.5, 2.5], [1, 2])).gradients).toEqual([[1, 2]]);
    const only = graphOf([2], (g, x) => [g.emit("Cast", [g.emit("Cast", [x], { to: 7 })], { to: 1 }, "y")]);
    expect((await runGradient(only, { of: "y", wrt: ["x"] }, [1.5, 2.5], [1, 2])).gradients).toEqual([[0, 0]]);
  });

  it("does not follow sizes, which are no function of the numbers", async () => {
    const grown = graphOf([2], (g, x) => {
      const size = g.emit("Cast", [g.emit("Shape", [x])], { to: 1 });
      return [g.emit("Mul", [g.emit("Pow", [g.scalar(2), size]), x], {}, "y")];
    });
    const { graph } = gradient(grown, { of: "y", wrt: ["x"] });
    expect(graph.nodes.filter(({ name }) => name.startsWith("gradient/")).map(({ op }) => op)).toEqual(["Mul"]);
    expect((await runGradient(grown, { of: "y", wrt: ["x"] }, [5, 6], [1, 2])).gradients).toEqual([[4, 8]]);
  });

  it("goes on through other precisions", async () => {
    const cast = graphOf([2], (g, x) => [g.emit("Cast", [g.emit("Exp", [g.emit("Cast", [x], { to: 11 })])], { to: 1 }, "y")]);
    expect((await runGradient(cast, { of: "y", wrt: ["x"] }, [0, 0], [1, 2])).gradients).toEqual([[1, 2]]);
  });

  it("differentiates to weights", async () => {
    const scaled = graphOf([2, 2], (g, x) => [g.emit("Mul", [x, g.constant("float32", [2], [3, 4])], {}, "y")]);
    const weight = [...scaled.initializers.keys()][0] as string;
    expect((await runGradient(scaled, { of: "y", wrt: [weight] }, [1, 2, 3, 4], [1, 1, 10, 10])).gradients).toEqual([[31, 42]]);
  });

  it("keeps every item of a batch to its own seed", async () => {
    const { gradients } = await runGradient(
      graphOf([2, 2], (g, x) => [g.emit("Exp", [x], {}, "y")]),
      { of: "y", wrt: ["x"] },
      [0, 0, 0, 0],
      [1, 2, 3, 4],
    );
    expect(gradients).toEqual([[1, 2, 3, 4]]);
  });
});

describe("the graph", () => {
  it("gives what is to be kept first, each once, then the gradients", () => {
    const { graph, gradients } = gradient(parabola, { of: "y", wrt: ["x"], keep: ["y", "square", "y"] });
    expect(graph.outputs.map(({ name }) => name)).toEqual(["y", "square", "d_y/d_x"]);
    expect(gradients).toEqual(["d_y/d_x"]);
  });

  it("has one more input, the seed, under a name that is free", () => {
    const named = graphOf([2], (g, x) => [g.emit("Exp", [x], {}, "seed")]);
    const made = gradient(named, { of: "seed", wrt: ["x"] });
    expect(made.seed).toBe("seed_1");
    expect(made.graph.inputs).toContainEqual({ name: "seed_1", dtype: "float32", shape: [2] });
    expect(gradient(parabola, { of: "y", wrt: ["x"], seed: "direction" }).seed).toBe("direction");
  });

  it("takes the shapes that it is asked for", () => {
    const open: Graph = { ...parabola, inputs: [{ name: "x", dtype: "float32", shape: ["n"] }] };
    const { graph, seed } = gradient(open, { of: "y", wrt: ["x"], shapes: { x: [5] } });
    expect(graph.inputs.find(({ name }) => name === seed)?.shape).toEqual([5]);
  });
});

describe("refusals", () => {
  it("names tensors that are not there", () => {
    expectError("UNKNOWN_LAYER", () => gradient(parabola, { of: "z", wrt: ["x"] }), { tensor: "z" });
    expectError("UNKNOWN_LAYER", () => gradient(parabola, { of: "y", wrt: ["x"], keep: ["z"] }), { tensor: "z" });
  });

  it("says that there is no path", () => {
    expectError("UNKNOWN_LAYER", () => gradient(parabola, { of: "square", wrt: ["y"] }), { of: "square", wrt: "y" });
  });

  it("says that integers have no gradient", () => {
    const picked = graphOf([2, 3], (g, x) => [g.emit("ArgMax", [x], { axis: 1 }, "class")]);
    expectError("BAD_ARGUMENT", () => gradient(picked, { of: "class", wrt: ["x"] }), { tensor: "class", dtype: "int64" });
  });

  it("names the node where a rule refuses a form", () => {
    const resized = graphOf([1, 1, 2, 2], (g, x) => {
      const factors = g.constant("float32", [4], [1, 1, 2, 2]);
      return [g.emit("Resize", [x, "", factors], { nearest_mode: "upwards" }, "y")];
    });
    expectError("BAD_MODEL", () => gradient(resized, { of: "y", wrt: ["x"] }), { op: "Resize", node: "y" });
    expect(() => gradient(resized, { of: "y", wrt: ["x"] })).toThrow(/gradient of Resize "y".*"upwards"/);
  });

  it("tells a node without a name by its output", () => {
    const unnamed: Node = { op: "Magic", domain: "my.own", name: "", inputs: ["x"], outputs: ["spell"], attrs: {} };
    expect(() => gradient({ ...parabola, nodes: [...parabola.nodes, unnamed] }, { of: "y", wrt: ["x"] })).toThrow(/my\.own\.Magic \(node "spell"\)/);
  });

  it.each(["If", "Loop", "Scan", "NonMaxSuppression"])("says what to do about %s", (op) => {
    const node: Node = { op, domain: "", name: "strange", inputs: ["x"], outputs: ["z"], attrs: {} };
    const strange = { ...parabola, nodes: [...parabola.nodes, node] };
    expectError("UNSUPPORTED_OPERATOR", () => gradient(strange, { of: "y", wrt: ["x"] }), { op, node: "strange" });
    expect(() => gradient(strange, { of: "y", wrt: ["x"] })).toThrow(expect.objectContaining({ hint: expect.stringMatching(/fixed|Cut/) }));
  });
});
