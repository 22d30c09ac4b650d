// What a gradient rule sees of its node, and the tools it writes with.

import { fail } from "../errors.ts";
import { readAttrs } from "../graph/attributes.ts";
import type { Node } from "../graph/types.ts";
import type { AnyOp, Features, Rule } from "../ops/define.ts";
import { findOp } from "../ops/table.ts";
import type { GraphWriter } from "../ops/writer.ts";
import type { Flow } from "./flow.ts";

/** The rule's view of `node`; gradients flow to the tensors in `active` only. */
export function ruleFor(writer: GraphWriter, node: Node, flow: Flow, active: ReadonlySet<string>, features: Features): Rule {
  const out = outputsOf(writer, node);
  const like = (name = node.inputs[0] as string) => writer.dtype(name);
  return {
    node,
    attrs: readAttrs(node, (findOp(node.op, node.domain) as AnyOp).attrs),
    features,
    inputCount: node.inputs.length,
    infos: node.inputs.map((name) => (name === "" ? undefined : writer.info(name))),
    in: (i) => {
      const name = node.inputs[i];
      return name || failMissing(i);
    },
    has: (i) => Boolean(node.inputs[i]),
    out,
    flows: (i) => flow.reaches(node.outputs[i] ?? ""),
    dy: (i = 0) => flow.total(node.outputs[i] ?? "") ?? zerosLike(writer, out(i)),
    wants: (i) => active.has(node.inputs[i] ?? ""),
    shape: (name) => writer.shape(name),
    dtype: (name) => writer.dtype(name),
    value: (name) => writer.value(name),
    emit: (type, inputs, attrs) => writer.emit(type, inputs, attrs),
    emitMany: (type, inputs, outputs, attrs) => writer.emitMany(type, inputs, outputs, attrs),
    scalar: (value, name) => writer.scalar(value, like(name)),
    constant: (values, shape, dtype = like()) => writer.constant(dtype, shape, values),
    ints: (values) => writer.ints(values),
    reshape: (name, shape) => writer.reshape(name, shape),
    transpose: (name, order) => writer.transpose(name, order),
  };
}

function failMissing(i: number): never {
  return fail("BAD_MODEL", `its input ${i} is left out.`, { hint: "Export the model again; onnx.checker.check_model (Python) tells what is wrong with it." });
}

/** Names of the node's outputs. Those that it could give but does not list are added to it when asked for. */
function outputsOf(writer: GraphWriter, node: Node): (i: number) => string {
  let current = node;
  return (i) => {
    const known = current.outputs[i];
    if (known) return known;
    const named = Array.from({ length: i + 1 }, (_, k) => current.outputs[k] || writer.unique(`${node.name || node.outputs.find(Boolean)}:${k}`));
    const outputs = [...named, ...current.outputs.slice(i + 1)];
    const wider = { ...current, outputs };
    writer.replace(current, wider);
    current = wider;
    return outputs[i] as string;
  };
}

/** Zeros of a tensor's shape and dtype. */
export function zerosLike(writer: GraphWriter, name: string): string {
  return writer.emit("Expand", [writer.scalar(0, writer.dtype(name)), writer.ints(writer.shape(name))]);
}
