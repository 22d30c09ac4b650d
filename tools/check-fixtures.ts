// Compares models with numbers that were computed elsewhere: outputs, layers and gradients of every fixture in a folder.
//
//   npx tsx tools/check-fixtures.ts FOLDER [NAME…]
//
// FOLDER/manifest.json lists fixtures: `id`, `files` (name → path), `inputs` and `outputs` (lists with `file`), `layers` and
// `grads` (name → { file }), `class_index`. A gradient is that of the sum over the batch of output 0 at `class_index`. A
// fixture without outputs must be refused. Paths are relative to FOLDER, arrays are .npy in the model's own layout.

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isPellucidError } from "../src/errors.ts";
import { activations } from "../src/methods/activations.ts";
import { toOwnLayout } from "../src/methods/feeds.ts";
import { modelGradient } from "../src/methods/model-gradient.ts";
import type { Model } from "../src/model.ts";
import { openModel } from "../src/open-model.ts";
import { readNpy } from "../src/tensor/npy.ts";
import { type Tensor, toFloat32 } from "../src/tensor/tensor.ts";

interface Fixture {
  id: string;
  files: Record<string, string>;
  notes: string;
  inputs: { file: string }[];
  outputs: { file: string }[];
  layers: Record<string, { file: string }>;
  grads: Record<string, { file: string }>;
  class_index?: number;
}

/** Outputs: largest difference. */
const OUTPUT_TOLERANCE = 1e-5;
/** Layers: largest difference over the layer's largest value. */
const LAYER_TOLERANCE = 1e-4;
/** Gradients: this share of the elements … */
const GRADIENT_SHARE = 0.995;
/** … differs by at most this much of the largest element, */
const GRADIENT_TOLERANCE = 1e-3;
/** and the directions agree. */
const GRADIENT_COSINE = 0.9999;
/** Quantized weights: outputs differ by this much. */
const QUANTIZED: Readonly<Record<string, number>> = { uint8: 2e-3, uint16: 1e-5, float16: 1e-4 };

interface Verdict {
  readonly text: string;
  readonly passed: boolean;
}

const [folder, ...only] = process.argv.slice(2);
if (!folder) throw new Error("usage: check-fixtures FOLDER [NAME…]");
const manifest = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as Fixture[];
let failures = 0;
for (const fixture of manifest.filter(({ id }) => only.length === 0 || only.some((name) => id.includes(name)))) {
  for (const [name, path] of Object.entries(fixture.files)) {
    if (name === "json") continue;
    const refused = fixture.outputs.length === 0 || name.endsWith("notop");
    const verdict = refused ? await checkRefusal(path) : await checkFile(fixture, name, path);
    if (!verdict.passed) failures++;
    console.log(`${verdict.passed ? "ok  " : "FAIL"} ${fixture.id.padEnd(26)} ${name.padEnd(20)} ${verdict.text}`);
  }
}
console.log(failures === 0 ? "All passed." : `${failures} failed.`);
process.exitCode = failures === 0 ? 0 : 1;

async function checkRefusal(path: string): Promise<Verdict> {
  try {
    const model = await openModel(join(folder as string, path));
    await model.dispose();
    return { text: "opened", passed: path.includes("lstm") };
  } catch (error) {
    return { text: `refused: ${describe(error)}`, passed: isPellucidError(error) };
  }
}

async function checkFile(fixture: Fixture, name: string, path: string): Promise<Verdict> {
  try {
    const model = await openModel(join(folder as string, path));
    try {
      return await compare(model, fixture, QUANTIZED[name] ?? OUTPUT_TOLERANCE, name in QUANTIZED);
    } finally {
      await model.dispose();
    }
  } catch (error) {
    return { text: describe(error), passed: false };
  }
}

async function compare(model: Model, fixture: Fixture, tolerance: number, quantized: boolean): Promise<Verdict> {
  const inputs = await Promise.all(fixture.inputs.map(({ file }) => load(file)));
  const feed = Object.fromEntries(model.loaded.inputs.map((input, i) => [input.name, inputs[i] as Tensor<"float32">]));
  const outputs = await compareOutputs(model, feed, fixture);
  const layers = await compareLayers(model, feed, fixture);
  const gradients = await compareGradients(model, feed, fixture);
  const passed = outputs <= tolerance && (quantized || (layers <= LAYER_TOLERANCE && gradients.cosine >= GRADIENT_COSINE && gradients.share >= GRADIENT_SHARE));
  const text = `outputs ${outputs.toExponential(1)}  layers ${layers.toExponential(1)}  gradients cos ${gradients.cosine.toFixed(7)} within ${(100 * gradients.share).toFixed(2)} %`;
  return { text, passed };
}

type Feed = Readonly<Record<string, Tensor<"float32">>>;

async function compareOutputs(model: Model, feed: Feed, fixture: Fixture): Promise<number> {
  const shapes = Object.fromEntries(Object.entries(feed).map(([name, t]) => [name, t.shape]));
  const { session, release } = await model.session("outputs", () => model.atShapes(shapes).graph);
  try {
    const results = await session.run(feed);
    const errors = fixture.outputs.map(async ({ file }, i) => {
      const name = model.loaded.outputs[i] as string;
      const layer = model.atShapes(shapes).layers.findLast(({ output }) => output === name);
      const result = toFloat32(results[name] as Tensor);
      return largestDifference(layer ? toOwnLayout(layer, result) : result, await load(file));
    });
    return Math.max(...(await Promise.all(errors)));
  } finally {
    await release();
  }
}

async function compareLayers(model: Model, feed: Feed, fixture: Fixture): Promise<number> {
  const names = Object.keys(fixture.layers);
  if (names.length === 0) return 0;
  const found = await activations(model, feed, { layer: names });
  const errors = names.map(async (name) => {
    const activation = found.find(({ layer }) => layer.name === name);
    if (!activation) throw new Error(`layer ${name} is not there`);
    const wanted = await load((fixture.layers[name] as { file: string }).file);
    return largestDifference(toOwnLayout(activation.layer, activation.tensor), wanted) / (largest(wanted) || 1);
  });
  return Math.max(...(await Promise.all(errors)));
}

async function compareGradients(model: Model, feed: Feed, fixture: Fixture): Promise<{ cosine: number; share: number }> {
  const worst = { cosine: 1, share: 1 };
  for (const [name, { file }] of Object.entries(fixture.grads)) {
    const number = /^input(\d*)$/.exec(name);
    const wrt = number ? (model.loaded.inputs[Number(number[1])]?.name as string) : name;
    const found = await modelGradient(model, feed, { of: model.loaded.outputs[0], index: fixture.class_index ?? 0, wrt });
    const wanted = await load(file);
    checkShape(found, wanted);
    const limit = GRADIENT_TOLERANCE * largest(wanted);
    const close = found.data.filter((x, i) => Math.abs(x - (wanted.data[i] as number)) <= limit).length;
    worst.cosine = Math.min(worst.cosine, cosine(found, wanted));
    worst.share = Math.min(worst.share, close / wanted.data.length);
  }
  return worst;
}

async function load(file: string): Promise<Tensor<"float32">> {
  return toFloat32(readNpy(await readFile(join(folder as string, file))));
}

function checkShape(a: Tensor, b: Tensor): void {
  if (String(a.shape) !== String(b.shape)) throw new Error(`the shape is ${a.shape}, not ${b.shape}`);
}

function largestDifference(a: Tensor<"float32">, b: Tensor<"float32">): number {
  checkShape(a, b);
  const worst = a.data.reduce((most, x, i) => Math.max(most, Math.abs(x - (b.data[i] as number))), 0);
  return a.data.some(Number.isNaN) ? Number.POSITIVE_INFINITY : worst;
}

function largest(t: Tensor<"float32">): number {
  return t.data.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

/** Of the angle between two gradients; two that vanish agree. */
function cosine(a: Tensor<"float32">, b: Tensor<"float32">): number {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  return lengths > 0 ? dot(a, b) / lengths : Number(dot(a, a) === dot(b, b));
}

function dot(a: Tensor<"float32">, b: Tensor<"float32">): number {
  return a.data.reduce((sum, x, i) => sum + x * (b.data[i] as number), 0);
}

function describe(error: unknown): string {
  const { code, message, stack } = error as { code?: string; message: string; stack?: string };
  return isPellucidError(error) ? `${code}: ${message}` : `${stack?.split("\n").slice(0, 4).join(" ")}`;
}
