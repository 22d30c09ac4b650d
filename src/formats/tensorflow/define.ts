// What an entry in the table of TensorFlow operators looks like.

import type { Value } from "../keras/layers/value.ts";
import type { NodeWriter } from "./node-writer.ts";

/** One TensorFlow operator. */
export interface TfOp {
  readonly op: string;
  /** Inputs that it has at least; 1 if left out. */
  readonly least?: number;
  /** Writes its ONNX nodes; returns its outputs. */
  readonly emit: (w: NodeWriter) => Value | readonly Value[];
  /** Whether it takes complex numbers. */
  readonly complex?: boolean;
  /** Whether it passes its input on, so that users do not see it as a layer. */
  readonly passes?: boolean;
}
