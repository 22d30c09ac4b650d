// What networks of the zoo answer, against Keras on the same weights.

import { describe, expect, it } from "vitest";
import { loadKeras } from "../../src/formats/keras/keras-model.ts";
import { type Activation, activations, float32, toOwnLayout } from "../../src/index.ts";
import { Model } from "../../src/model.ts";
import { getModel } from "../../src/zoo/models.ts";
import { largestDifference, referenceFloats, referenceJson } from "../reference-files.ts";
import { generatedWeights, picture } from "./generated.ts";
import { type Listed, listings, weightShapes } from "./listed.ts";

interface Said {
  readonly size: number;
  readonly top: boolean;
  /** Whether the network wants -1 to 1. */
  readonly unscaled: boolean;
  readonly gain: number;
  /** One of so many numbers is kept. */
  readonly step: number;
  /** Of all numbers. */
  readonly largest: number;
}

const networks = Object.entries(referenceJson<Record<string, Said>>("zoo/outputs.json"));

describe.each(networks)("%s", (name, { size, top, unscaled, gain, step, largest }) => {
  it("gives Keras's output", async () => {
    const network = getModel(name).architecture({ includeTop: top, classes: 1000, size: [size, size] });
    const listed = listings[top ? name : `${name} notop`] as Listed[];
    const model = new Model(
      loadKeras({ format: "keras-h5", producer: undefined, model: network, weights: generatedWeights(network, weightShapes(listed), gain) }),
    );
    const image = picture(size);
    const input = unscaled
      ? float32(
          image.shape,
          Array.from(image.data, (x) => x / 127.5 - 1),
        )
      : image;
    const [last] = (await activations(model, input, { layer: [model.loaded.outputs[0] as string] })) as [Activation];
    await model.dispose();
    const found = toOwnLayout(last.layer, last.tensor).data.filter((_, i) => i % step === 0);
    expect(largestDifference(found, referenceFloats(`zoo/outputs/${name}.npy`).data) / largest).toBeLessThan(2e-5);
  });
});
