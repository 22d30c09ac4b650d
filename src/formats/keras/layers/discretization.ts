// Discretization: numbers as the bins that they lie in.

import { encode, outputMode } from "./categories.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { weight, when } from "./weight-spec.ts";

/** More bins than any data is divided into. */
const MOST_BINS = 2 ** 16;

/** Where bins end, as the options say; in TensorFlow 2.2 under an older name. */
const listed = (w: Pick<LayerWriter, "config">) => w.config.numbers("bin_boundaries", Array.isArray(w.config.raw("bins")) ? w.config.numbers("bins") : []);

/** The number of boundaries that are not above the value. Keras 2 keeps what it has adapted to as a summary of the data. */
export const Discretization: LayerDef = {
  kind: "Discretization",
  weights: (config) =>
    when(
      listed({ config }).length === 0,
      weight("summary", () => undefined, { trainable: false }),
    ),
  emit: (w) => {
    const given = listed(w);
    const boundaries = given.length > 0 ? w.constant(given) : quantiles(w, w.weight("summary"));
    const reached = w.emit("GreaterOrEqual", [w.emit("Unsqueeze", [w.own(w.input), w.ints([-1])]), boundaries]);
    const bins = w.emit("ReduceSum", [w.emit("Cast", [reached], { to: 1 }), w.ints([-1])], { keepdims: 0 });
    return encode(w, bins, outputMode(w.config, "int"), (w.graphShape(boundaries)[0] as number) + 1);
  },
};

/**
 * Boundaries from a summary [values, how much each counts]: where the share of all that comes before, drawn from value to value,
 * is 1/bins, 2/bins … As numpy interpolates it in float64.
 */
function quantiles(w: LayerWriter, summary: string): string {
  const bins = w.config.int("num_bins");
  const [rows, size = 0] = w.graphShape(summary);
  if (rows !== 2 || size < 2 || bins < 2 || bins > MOST_BINS) return w.fail("BAD_MODEL", `divides the summary of ${size} values into ${bins} bins`);
  const { graph } = w.state;
  const double = (x: string) => w.emit("Cast", [x], { to: 11 });
  const row = (i: number) => w.emit("Gather", [summary, graph.scalar(i, "int64")], { axis: 0 });
  const values = row(0);
  const step = 1 / bins;
  if (size * step < 1) return w.emit("Slice", [values, w.ints([0]), w.ints([size - 1]), w.ints([0])]);
  const sums = w.emit("CumSum", [row(1), graph.scalar(0, "int64")]);
  const shares = double(w.emit("Div", [sums, w.emit("Gather", [sums, graph.scalar(size - 1, "int64")], { axis: 0 })]));
  // One more than there are boundaries, or by rounding two: numpy counts so too.
  const wanted = Array.from({ length: Math.ceil(1 / step) - 1 }, (_, i) => step + i * step);
  const places = graph.constant("float64", [wanted.length, 1], wanted);
  const before = w.emit("Cast", [w.emit("LessOrEqual", [shares, places])], { to: 1 });
  const last = w.emit("Sub", [w.emit("ReduceSum", [before, w.ints([1])], { keepdims: 0 }), w.scalar(1)]);
  const start = w.emit("Cast", [w.emit("Clip", [last, w.scalar(0), w.scalar(size - 2)])], { to: 7 });
  const end = w.emit("Add", [start, graph.scalar(1, "int64")]);
  const at = (table: string, index: string) => w.emit("Gather", [table, index], { axis: 0 });
  const between = w.emit("Max", [w.emit("Sub", [graph.constant("float64", [wanted.length], wanted), at(shares, start)]), graph.scalar(0, "float64")]);
  const slope = w.emit("Div", [w.emit("Sub", [at(double(values), end), at(double(values), start)]), w.emit("Sub", [at(shares, end), at(shares, start)])]);
  return w.emit("Cast", [w.emit("Add", [w.emit("Mul", [slope, between]), at(double(values), start)])], { to: 1 });
}
