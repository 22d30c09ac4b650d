// A model's preprocessing as a part of its graph: pixels go in, and become the model's own input there.

import { dataTypes } from "../graph/proto/onnx.ts";
import { type PictureInput, scalingOf } from "../image/preprocess.ts";
import type { ModelAt } from "../model.ts";
import { startAnew } from "../ops/rewrite.ts";

/** Name of the input that takes pixels. */
const PIXELS = "pixels";

/**
 * The model with an input `pixels` in the place of `input`: float32, in the same layout and size, RGB (or grey) values of
 * 0..255. Names of all other tensors stay.
 */
export function takePixels(at: ModelAt, input: string, { preprocessing, layout, channels }: Omit<PictureInput, "size">): ModelAt {
  const { graph, infos, layers } = at;
  const writer = startAnew(
    at,
    graph.inputs.filter(({ name }) => name !== input),
  );
  writer.reserve(input);
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
