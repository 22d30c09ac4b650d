// Damaged TensorFlow.js models: every value of a model.json replaced by others, shards cut. Always an error of ours.

import { readdirSync, readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isPellucidError } from "../../../src/errors.ts";
import { readTfjs } from "../../../src/formats/tfjs/read-tfjs.ts";
import { memoryModel } from "./memory-model.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

interface Case {
  name: string;
  model: Json;
  weights?: string;
  files?: Record<string, string>;
  inputs?: { name: string; shape: number[] }[];
}

const FOLDER = new URL("../../reference/tfjs/", import.meta.url);

function load(file: string): Case[] {
  const bytes = readFileSync(new URL(file, FOLDER));
  return JSON.parse((file.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString()) as Case[];
}

function filesOf({ weights, files }: Case): Record<string, Uint8Array> {
  const encoded = files ?? { "weights.bin": weights as string };
  return Object.fromEntries(Object.entries(encoded).map(([path, data]) => [path, new Uint8Array(Buffer.from(data, "base64"))]));
}

/** Places of all values within a JSON value. */
function placesIn(value: Json, path: readonly (string | number)[] = []): (readonly (string | number)[])[] {
  const inner = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [path, ...inner.flatMap(([key, item]) => placesIn(item as Json, [...path, key]))];
}

/** The value with another one at a place; left out if that is undefined. */
function replaced(value: Json, [key, ...rest]: readonly (string | number)[], by: Json | undefined): Json {
  if (key === undefined) return by ?? null;
  if (typeof value !== "object" || value === null) return value;
  const copy = structuredClone(value) as { [key: string]: Json };
  if (rest.length === 0 && by === undefined) delete copy[key];
  else copy[key] = replaced(copy[key] as Json, rest, by);
  return copy;
}

const strange: fc.Arbitrary<Json | undefined> = fc.oneof(
  fc.constantFrom<Json | undefined>(
    undefined,
    null,
    -1,
    0,
    1,
    2,
    3.5,
    7,
    1e9,
    2 ** 53,
    "",
    "-1",
    "2",
    "4",
    "x",
    true,
    [],
    {},
    [[]],
    [1, 2],
    { size: "9" },
    "../up",
  ),
  fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
);

/** Opens and builds it. Anything but a model or an error of ours fails the test. */
async function openAndBuild(model: Json, files: Record<string, Uint8Array>, inputs: Case["inputs"]): Promise<void> {
  try {
    const loaded = await readTfjs(memoryModel(model, files));
    const shapes = loaded.inputs.map((input) => [
      input.name,
      inputs?.find(({ name }) => name === input.name)?.shape ?? input.shape.map((d) => (typeof d === "number" ? d : 2)),
    ]);
    loaded.build(Object.fromEntries(shapes));
  } catch (error) {
    if (!isPellucidError(error)) throw error;
    expect(error.message).not.toBe("");
  }
}

test.each<[string, number]>([
  ["graphs.json", 25],
  ["layers.json", 60],
  ["native.json", 30],
  ...readdirSync(new URL("operators", FOLDER)).map((file): [string, number] => [`operators/${file}`, 25]),
])("%s: %i damaged copies of each", async (file, numRuns) => {
  for (const original of load(file)) {
    const places = placesIn(original.model);
    const files = filesOf(original);
    const damage = fc.record({ place: fc.constantFrom(...places), by: strange, cut: fc.option(fc.nat(200), { freq: 8 }) });
    await fc.assert(
      fc.asyncProperty(damage, async ({ place, by, cut }) => {
        const shorter = cut === null ? files : Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, bytes.slice(0, -1 - cut)]));
        await openAndBuild(replaced(original.model, place, by), shorter, original.inputs);
      }),
      { numRuns, seed: 7 },
    );
  }
});
