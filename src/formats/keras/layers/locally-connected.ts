// Locally connected layers of Keras 1 and 2: convolutions with kernels of their own at every place.

import { invert } from "../../../tensor/tensor.ts";
import { activate } from "./activate.ts";
import type { LayerDef } from "./define.ts";
import type { LayerWriter } from "./layer-writer.ts";
import { channelsLastOrder } from "./value.ts";
import { weight, when } from "./weight-spec.ts";
import { stridesOf } from "./windows.ts";

const product = (sizes: readonly number[]) => sizes.reduce((n, d) => n * d, 1);

/** y[place] = patch[place] · kernel[place] + bias[place]; kernels are `[places, window · channels, filters]`. */
function locallyConnected(kind: string, axes: number): LayerDef {
  return {
    kind,
    weights: (config) => [
      weight("kernel", () => undefined),
      ...when(
        config.flag("use_bias", true),
        weight("bias", () => undefined),
      ),
    ],
    emit: (w) => {
      if (w.config.int("implementation", 1) !== 1) w.fail("UNSUPPORTED_LAYER", "keeps its weights in another way (implementation 2 or 3)");
      if (w.config.text("padding", "valid") !== "valid") w.fail("UNSUPPORTED_LAYER", "pads its input");
      const { patches, places } = patchesOf(w, axes);
      const sum = w.emit("Einsum", [patches, w.weight("kernel")], { equation: "nkp,pkf->nfp" });
      const picture = w.reshape(sum, [w.config.int("filters"), ...places]);
      const biased = w.config.flag("use_bias", true) ? w.emit("Add", [picture, biasFirst(w)]) : picture;
      return activate(w, w.fromChannelsAtOne(biased));
    },
  };
}

/** `[N, window · channels, places]`, the window's places before the channels unless channels are first. */
function patchesOf(w: LayerWriter, axes: number): { patches: string; places: number[] } {
  const x = w.spatialInput(axes);
  const [channels, ...sizes] = w.graphShape(x).slice(1) as [number, ...number[]];
  const kernel = w.config.ints("kernel_size", axes);
  const strides = stridesOf(w, axes, new Array<number>(axes).fill(1));
  const places = sizes.map((size, i) => Math.floor((size - (kernel[i] as number)) / (strides[i] as number)) + 1);
  if (places.some((n) => n < 1) || product(kernel) > 4096) w.fail("BAD_MODEL", `has windows of ${kernel.join("×")} over ${sizes.join("×")} pixels`);
  const spatial = sizes.map((_, i) => i + 2);
  const parts = offsets(kernel).map((offset) => {
    const ends = offset.map((start, i) => start + (strides[i] as number) * ((places[i] as number) - 1) + 1);
    return w.emit("Slice", [x, w.ints(offset), w.ints(ends), w.ints(spatial), w.ints(strides)]);
  });
  const joined = w.emit("Concat", parts, { axis: 1 });
  const [window, count] = [product(kernel), product(places)];
  if (!w.channelsFirst) return { patches: w.reshape(joined, [window * channels, count]), places };
  const swapped = w.transpose(w.reshape(joined, [window, channels, count]), [0, 2, 1, 3]);
  return { patches: w.reshape(swapped, [window * channels, count]), places };
}

/** All places in a window, row by row. */
function offsets(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>((found, size) => found.flatMap((place) => Array.from({ length: size }, (_, i) => [...place, i])), [[]]);
}

/** The bias of every place as `[1, filters, …]`. Where channels are first, Keras takes its elements in the order of that shape. */
function biasFirst(w: LayerWriter): string {
  const bias = w.weight("bias");
  const shape = w.graphShape(bias);
  if (w.channelsFirst) return w.emit("Reshape", [bias, w.ints([1, ...shape.slice(-1), ...shape.slice(0, -1)])]);
  return w.transpose(w.emit("Unsqueeze", [bias, w.ints([0])]), invert(channelsLastOrder(shape.length + 1)));
}

export const locallyConnectedLayers: readonly LayerDef[] = [locallyConnected("LocallyConnected1D", 1), locallyConnected("LocallyConnected2D", 2)];
