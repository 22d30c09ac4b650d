// What an entry in the table of operations looks like.

import type { LayerWriter } from "../layers/layer-writer.ts";
import type { Value } from "../layers/value.ts";

/** Operations by name; each writes the nodes of one call. */
export type Operators = Readonly<Record<string, (w: LayerWriter) => Value | readonly Value[]>>;
