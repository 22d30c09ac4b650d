// A model's preprocessing as a part of its graph: pixels go in, and become the model's own input there.

import { dataTypes } from "../graph/proto/onnx.ts";
import type { Graph } from "../graph/types.ts";
import { type PictureInput, scalingOf } from "../image/preprocess.ts";
import type { ModelAt } from "../model.ts";
import { weightInfo } from "../ops/weights.ts";
import { GraphWriter } from "../ops/writer.ts";

/** Name of the input that takes pixels. */
export const PIXELS = "pixels";

/**
 * The model with an input `pixels` in the place of `input`: float32, in the same layout and size, RGB (or grey) values of
 * 0..255. Names of all other tensors stay.
 */
export function takePixels({ graph, infos, layers }: ModelAt, input: string, { preprocessing, layout, channels }: Omit<PictureInput, "size">): ModelAt {
  const writer = startBefore(graph, infos, input);
  const own = infos.get(input) as { dtype: "float32"; shape: readonly number[] };
  const { order, scale, mean, std } = scalingOf(preprocessing, channels);
  const axis = layout === "NCHW" ? 1 : own.shape.length - 1;
  const perChannel = (values: readonly number[]) =>
    writer.constant(
      "float32",
      own.shape.map((_, i) => (i === axis ? values.length : 1)),
      values,
    );
  const pixels = writer.input(PIXELS, "float32", own.shape);
  // The scaling comes first, in RGB: readers of the file recognise it there.
  const turned = order === "BGR" && channels === 3;
  const [means, deviations] = [mean, std].map((values) => perChannel(turned ? values.toReversed() : values)) as [string, string];
  const scaled = writer.emit("Div", [writer.emit("Sub", [writer.emit("Mul", [pixels, perChannel([scale])]), means]), deviations]);
  const ordered = turned ? writer.emit("Gather", [scaled, writer.ints([2, 1, 0])], { axis }) : scaled;
  writer.add({ op: "Cast", domain: "", name: input, inputs: [ordered], outputs: [input], attrs: { to: { kind: "int", value: dataTypes[own.dtype] } } });
  for (const node of graph.nodes) writer.add(node);
  return { graph: writer.finish(graph.outputs.map(({ name }) => name)), infos: writer.infos, layers };
}

/** A writer that holds the graph's weights and its other inputs, and none of its nodes yet. */
function startBefore(graph: Graph, infos: ModelAt["infos"], input: string): GraphWriter {
  const inputs = graph.inputs.filter(({ name }) => name !== input);
  const weights = [...graph.initializers].map(([name, weight]) => [name, weightInfo(weight)] as const);
  const given = inputs.map(({ name }) => [name, infos.get(name)] as const).flatMap(([name, info]) => (info ? [[name, info] as const] : []));
  const writer = new GraphWriter({ ...graph, inputs, nodes: [] }, new Map([...given, ...weights]));
  for (const { outputs } of graph.nodes) for (const name of [input, ...outputs]) writer.reserve(name);
  return writer;
}
