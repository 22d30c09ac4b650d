// Changes of Resize, and of Upsample, which became it.

import { viewAs } from "../../tensor/dtype.ts";
import { sizeOf } from "../../tensor/tensor.ts";
import { floats, readAttrs, string } from "../attributes.ts";
import { isRegion, type Node } from "../types.ts";
import { outputOf, type Rewriter, type Step, withAttrs, without } from "./step.ts";

function scalesToInput(node: Node, writer: Rewriter): Node[] {
  const { scales } = readAttrs(node, { scales: floats([]) });
  const name = writer.constant(`${outputOf(node)}:scales`, "float32", [scales.length], scales);
  return [{ ...without(node, "scales"), inputs: [node.inputs[0] ?? "", name] }];
}

/**
 * Until opset 10 Resize knew one way to map coordinates, x / scale, and took the nearest element below where it
 * enlarged, above where it shrank. (ONNX says nothing of it; ONNX Runtime does so.)
 */
function sayCoordinates(node: Node, writer: Rewriter): Node[] {
  const [x = "", scales = ""] = node.inputs;
  const factors = constantScales(scales, writer) ?? [1];
  const enlarges = factors.some((factor) => factor > 1);
  const shrinks = factors.some((factor) => factor < 1);
  if (!enlarges || !shrinks || readAttrs(node, { mode: string("nearest") }).mode !== "nearest") {
    return [{ ...asymmetric(node, shrinks ? "ceil" : "floor"), inputs: [x, "", scales] }];
  }
  const smaller = writer.unique(`${outputOf(node)}:smaller`);
  const limited = (name: string, limit: (a: number, b: number) => number) =>
    writer.constant(
      `${outputOf(node)}:${name}`,
      "float32",
      [factors.length],
      factors.map((factor) => limit(factor, 1)),
    );
  return [
    { ...asymmetric(node, "ceil"), name: smaller, inputs: [x, "", limited("shrink", Math.min)], outputs: [smaller] },
    { ...asymmetric(node, "floor"), inputs: [smaller, "", limited("enlarge", Math.max)] },
  ];
}

function asymmetric(node: Node, rounding: "floor" | "ceil"): Node {
  return withAttrs(node, {
    coordinate_transformation_mode: { kind: "string", value: "asymmetric" },
    nearest_mode: { kind: "string", value: rounding },
  });
}

function constantScales(name: string, writer: Rewriter): number[] | undefined {
  const weight = writer.weight(name);
  return weight && !isRegion(weight.data) && weight.dtype === "float32" ? Array.from(viewAs("float32", weight.data)) : undefined;
}

/**
 * TensorFlow's half pixels for nearest neighbours, (x + ½) / scale, rounded down: the nearest to half_pixel's coordinate,
 * which lies ½ below. Their other roundings, which nobody writes, stay.
 */
function sayHalfPixels(node: Node): Node[] {
  const { coordinate_transformation_mode: coordinates, nearest_mode: rounding } = readAttrs(node, {
    coordinate_transformation_mode: string("half_pixel"),
    nearest_mode: string("round_prefer_floor"),
  });
  if (coordinates !== "tf_half_pixel_for_nn" || rounding !== "floor") return [node];
  return [
    withAttrs(node, {
      coordinate_transformation_mode: { kind: "string", value: "half_pixel" },
      nearest_mode: { kind: "string", value: "round_prefer_ceil" },
    }),
  ];
}

/** Exporters give empty tensors for what they leave out. */
function dropEmptyInputs(node: Node, writer: Rewriter): Node[] {
  const isEmpty = (name: string) => {
    const weight = writer.weight(name);
    return weight !== undefined && sizeOf(weight.shape) === 0;
  };
  const inputs = node.inputs.map((name, i) => (i > 0 && isEmpty(name) ? "" : name));
  return [{ ...node, inputs: inputs.slice(0, inputs.findLastIndex((name) => name !== "") + 1) }];
}

export const resizingSteps: readonly Step[] = [
  { since: 9, ops: ["Upsample"], rewrite: scalesToInput },
  { since: 10, ops: ["Upsample"], rewrite: (node) => [{ ...node, op: "Resize" }] },
  { since: 11, ops: ["Resize"], rewrite: sayCoordinates },
  { since: 13, ops: ["Resize"], rewrite: sayHalfPixels },
  { since: Number.POSITIVE_INFINITY, ops: ["Resize"], rewrite: dropEmptyInputs },
];
