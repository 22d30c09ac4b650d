// Changes of activations: Clip's limits became inputs, softmaxes came to act along one axis.

import { float, int, readAttrs } from "../attributes.ts";
import type { Node } from "../types.ts";
import { newNode, outputOf, type Rewriter, type Step, withAttrs, without } from "./step.ts";

function limitsToInputs(node: Node, writer: Rewriter): Node[] {
  const { min, max } = readAttrs(node, { min: float(), max: float() });
  const [x = "", output] = [node.inputs[0], outputOf(node)];
  const dtype = writer.known(x)?.dtype ?? "float32";
  const low = min === undefined ? "" : writer.constant(`${output}:min`, dtype, [], [min]);
  const high = max === undefined ? [] : [writer.constant(`${output}:max`, dtype, [], [max])];
  return [{ ...without(node, "min", "max"), inputs: low || high.length ? [x, low, ...high] : [x] }];
}

/** Until opset 12 a softmax normalised over all axes from `axis` on. Where that is the last one, it still does. */
function softmaxAlongAxis(node: Node, writer: Rewriter): Node[] {
  const { axis } = readAttrs(node, { axis: int(1) });
  const [x = "", output] = [node.inputs[0], outputOf(node)];
  const rank = writer.known(x)?.shape.length;
  const last = withAttrs(node, { axis: { kind: "int", value: -1 } });
  if (axis === -1 || axis + 1 === rank) return [last];
  const [flat, soft, shape] = ["flat", "softmax", "shape"].map((part) => writer.unique(`${output}:${part}`)) as [string, string, string];
  return [
    newNode("Flatten", [x], flat, { axis: { kind: "int", value: axis } }),
    { ...last, inputs: [flat], outputs: [soft] },
    newNode("Shape", [x], shape),
    newNode("Reshape", [soft, shape], output),
  ];
}

export const activationSteps: readonly Step[] = [
  { since: 11, ops: ["Clip"], rewrite: limitsToInputs },
  { since: 13, ops: ["Softmax", "LogSoftmax", "Hardmax"], rewrite: softmaxAlongAxis },
];
