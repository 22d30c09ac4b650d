// Everything that Pellucid computes of one model and one picture. The same code runs in Node and in the browser.

import { activations, filters, gradCam, type ModelInputSource, type OpenOptions, openModel, predict, prepareImage } from "pellucid";
import { fromBase64, toBase64 } from "../base64.ts";

export interface Question {
  readonly model: ModelInputSource;
  readonly picture: Uint8Array;
  readonly options: OpenOptions;
  /** The layer whose first two filters are ascended. */
  readonly layer: string;
}

/** Numbers by what they are. */
export type Answers = Readonly<Record<string, Float32Array>>;

export async function answerAll({ model: source, picture, options, layer }: Question): Promise<Answers> {
  const model = await openModel(source, options);
  const input = await prepareImage(model, picture);
  const [classes = []] = await predict(model, input);
  const answers = await activations(model, input);
  const heatmaps = await gradCam(model, input, { target: [0, 1] });
  const patterns = await filters(model, { layer, filters: [0, 1], steps: 3 });
  await model.dispose();
  return {
    predictions: Float32Array.from([...classes].sort((a, b) => a.index - b.index).map(({ score }) => score)),
    ...Object.fromEntries(answers.map(({ layer: { name }, tensor }) => [`activations of ${name}`, tensor.data])),
    ...Object.fromEntries(heatmaps.map(({ target, map }) => [`heatmap of ${target.label}`, map.data])),
    ...Object.fromEntries(patterns.map(({ filter, image }) => [`pattern of filter ${filter}`, image.data])),
  };
}

/** The same with all bytes as base64. */
export async function answerInPage(question: { model: string; picture: string; options: OpenOptions; layer: string }): Promise<Record<string, string>> {
  const answers = await answerAll({ ...question, model: fromBase64(question.model), picture: fromBase64(question.picture) });
  return Object.fromEntries(
    Object.entries(answers).map(([name, { buffer, byteOffset, byteLength }]) => [name, toBase64(new Uint8Array(buffer, byteOffset, byteLength))]),
  );
}
