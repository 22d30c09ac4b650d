// A layer in two lines: its name, then kind, shape and parameters.

import type { StudioLayer } from "../engine/protocol.ts";
import { formatShape, formatShort } from "../text/format.ts";

export function LayerText({ layer: { name, kind, shape, parameters } }: { readonly layer: StudioLayer }) {
  return (
    <>
      <span className="box-name" title={name}>
        {name}
      </span>
      <span className="box-facts">
        <span className="box-kind">{kind}</span>
        <span className="number">{formatShape(shape)}</span>
        {parameters > 0 && <span className="number box-weights">{formatShort(parameters)}</span>}
      </span>
    </>
  );
}
