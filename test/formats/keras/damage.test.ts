// Damaged and hostile files: whatever a file holds, it opens or a PellucidError says why not.

import fc from "fast-check";
import { expect, it } from "vitest";
import { layerFamilies } from "../../../src/formats/keras/layers/table.ts";
import { isPellucidError, openModel } from "../../../src/index.ts";
import { referenceBytes } from "../../reference-files.ts";
import { type Config, readConfig, withConfig } from "./archive.ts";

/** Opens a file and builds its graph. @throws if it fails with anything but a PellucidError */
async function survives(bytes: Uint8Array): Promise<void> {
  try {
    const model = await openModel(bytes);
    expect(model.layers.length).toBeGreaterThanOrEqual(0);
  } catch (error) {
    if (!isPellucidError(error)) throw error;
  }
}

it.each(["keras1.h5", "keras209.h5", "tfkeras.h5", "keras3.h5", "keras3.keras", "tf212.keras", "siamese.keras", "bfloat16.h5"])(
  "survives changed bytes and cuts in %s",
  async (file) => {
    const original = referenceBytes(`keras/models/${file}`);
    const damage = fc.record({
      cut: fc.option(fc.integer({ min: 0, max: original.length }), { freq: 4 }),
      bytes: fc.array(fc.tuple(fc.integer({ min: 0, max: original.length - 1 }), fc.integer({ min: 0, max: 255 })), { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(damage, ({ cut, bytes }) => {
        const copy = original.slice(0, cut ?? original.length);
        for (const [place, value] of bytes) if (place < copy.length) copy[place] = value;
        return survives(copy);
      }),
      { numRuns: 60 },
    );
  },
);

/** Values that no option expects. */
const strange = fc.oneof(
  fc.constantFrom(null, true, "", "constructor", "__proto__", "same", -1, 0, 1.5, 1e9, -(2 ** 31), 1e300, [], {}, [[]], [1, 2, 3, 4, 5, 6, 7]),
  fc.constantFrom({ class_name: "Lambda", config: {} }, { class_name: "ReLU", config: { max_value: "x" } }, ["image", 0, 0], {
    class_name: "__tuple__",
    items: [1],
  }),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Every place in a JSON value: its parent and key. */
function places(value: Config): [parent: Config, key: string][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.keys(value).flatMap((key) => [[value, key] as [Config, string], ...places(value[key])]);
}

/** A configuration with values changed, left out or put in other places. */
function changeConfig(config: Config, changes: readonly Change[]): Config {
  for (const { place, value, remove, copy } of changes) {
    const all = places(config);
    const [parent, key] = all[place % all.length] as [Config, string];
    const [from, name] = all[copy % all.length] as [Config, string];
    if (remove && Array.isArray(parent)) parent.splice(Number(key), 1);
    else if (remove) delete parent[key];
    else parent[key] = structuredClone(copy % 3 === 0 ? from[name] : value);
  }
  return config;
}

const change = fc.record({ place: fc.nat(), value: strange, remove: fc.boolean(), copy: fc.nat() });
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never;

it("survives changes to a configuration", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => survives(withConfig(changeConfig(readConfig(), changes)))),
    { numRuns: 500 },
  );
});

/** Files of layers beside those of the families. */
const more = [
  ...["elementwise", "arithmetic", "reduction", "product", "shaping", "picture", "warped"].map((family) => `operation-${family}`),
  "embeddings",
  "lora",
  "int8",
  "int4",
  "int4-old",
  "float8",
];

it.each([...Object.keys(layerFamilies).filter((family) => family !== "wrapper"), ...more])("survives changes to the options of layers: %s", async (family) => {
  const file = `keras/layers/${family}.keras`;
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
      const config = readConfig(file);
      changeConfig(config.config.layers, changes);
      return survives(withConfig(config, [], file));
    }),
    { numRuns: 40 },
  );
});

it.each<[string, string, string, Config]>([
  ["resizing", "resize_lanczos3", "width", -1],
  ["operation", "pad", "pad_width", [["many", 1]]],
  ["operation", "split", "indices_or_sections", [0.5]],
])("survives what once was no PellucidError: %s, %s with %s", async (family, layer, option, value) => {
  const file = `keras/layers/${family}.keras`;
  const config = readConfig(file);
  const found = config.config.layers.filter(({ config: { name } }: Config) => name === layer || name.startsWith(`${layer}_`));
  expect(found.length).toBeGreaterThan(0);
  for (const { config: options } of found) options[option] = value;
  await expect(openModel(withConfig(config, [], file)).then((model) => model.layers)).rejects.toMatchObject({ code: "BAD_MODEL" });
});

it("survives layers with options of all kinds", async () => {
  const kinds = Object.values(layerFamilies)
    .flat()
    .map(({ kind }) => kind);
  const options =
    "filters units kernel_size strides padding dilation_rate groups axis pool_size size target_shape dims n cropping scale mean height width interpolation layer";
  const layer = fc.record({
    kind: fc.constantFrom(...kinds),
    options: fc.dictionary(
      fc.constantFrom(...options.split(" "), "use_bias", "center", "output_size", "return_sequences", "shared_axes", "axes", "equation"),
      strange,
      { maxKeys: 4 },
    ),
    place: fc.integer({ min: 1, max: 5 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 3 }), (layers) => {
      const config = readConfig();
      layers.forEach(({ kind, options: given, place }, i) => {
        config.config.layers.splice(place, 0, {
          module: "keras.layers",
          class_name: kind,
          config: { use_bias: false, center: false, scale: false, ...structuredClone(given), name: `new${i}` },
        });
      });
      return survives(withConfig(config));
    }),
    { numRuns: 500 },
  );
});
