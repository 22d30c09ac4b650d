// Everything that Pellucid computes of one model and one picture. The same code runs in Node and in the browser.

import { activations, filters, gradCam, type ModelInputSource, type OpenOptions, openModel, predict, prepareImage } from "pellucid";

export interface Question {
  readonly model: ModelInputSource;
  readonly picture: Uint8Array;
  readonly options: OpenOptions;
  readonly layer: string;
}

/** Numbers by what they are. */
export type Answers = Readonly<Record<string, readonly number[]>>;

export async function answerAll({ model: source, picture, options, layer }: Question): Promise<Answers> {
  const model = await openModel(source, options);
  const input = await prepareImage(model, picture);
  const [classes = []] = await predict(model, input);
  const answers = await activations(model, input);
  const heatmaps = await gradCam(model, input, { target: [0, 1] });
  const patterns = await filters(model, { layer, filters: [0, 1], steps: 3 });
  await model.dispose();
  return {
    predictions: [...classes].sort((a, b) => a.index - b.index).map(({ score }) => score),
    ...Object.fromEntries(answers.map(({ layer: { name }, tensor }) => [`activations of ${name}`, Array.from(tensor.data)])),
    ...Object.fromEntries(heatmaps.map(({ target, map }) => [`heatmap of ${target.label}`, Array.from(map.data)])),
    ...Object.fromEntries(patterns.map(({ filter, image }) => [`pattern of filter ${filter}`, Array.from(image.data)])),
  };
}
