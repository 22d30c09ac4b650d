// Pools over windows. Padding counts neither for the maximum nor for the mean.

import type { TfOp } from "./define.ts";
import { padsFor } from "./windows.ts";

function pool(op: string, onnx: "MaxPool" | "AveragePool", axes = 2): TfOp {
  return {
    op,
    emit: (w) => {
      const x = w.channelsAtOne(w.input());
      const [kernel_shape, strides] = [w.spatial("ksize", axes), w.spatial("strides", axes)];
      const pads = padsFor(w, x, kernel_shape, strides, new Array<number>(axes).fill(1));
      return w.fromChannelsAtOne(w.emit(onnx, [x], { kernel_shape, strides, pads }));
    },
  };
}

export const poolingOps: readonly TfOp[] = [
  pool("MaxPool", "MaxPool"),
  pool("AvgPool", "AveragePool"),
  pool("MaxPool3D", "MaxPool", 3),
  pool("AvgPool3D", "AveragePool", 3),
];
