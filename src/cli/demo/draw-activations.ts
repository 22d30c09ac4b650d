// The demo's pictures of activations: every layer as a grid, and two channels that say something on their own.

import { type Activation, channelGrid, drawChannel, itemAt, resizeImage, type Tensor, toNumbers } from "pellucid";
import type { Job } from "../job.ts";
import type { OutputFolder } from "../output-folder.ts";
import { silenceOf } from "../silence.ts";
import type { ChannelPicture, LayerPicture } from "./results.ts";
import { savePicture } from "./save-picture.ts";

/** The colour between the channels: that of the page behind them. */
const INK = [12, 11, 13] as const;
/** Side of a single channel's picture, in pixels. */
const SINGLE = 512;

/** Layers that compute something: not the input, not its rescaling. */
const kinds = new Set(["Conv2D", "MaxPooling2D"]);

/** A grid of all channels for each convolution and pooling layer. */
export async function drawLayers({ folder, progress }: Job, answers: readonly Activation[]): Promise<LayerPicture[]> {
  const bar = progress("activations");
  const pictures: LayerPicture[] = [];
  const drawn = answers.filter(({ layer }) => kinds.has(layer.kind));
  for (const [i, answer] of drawn.entries()) {
    const { layer, tensor } = answer;
    const [height, width] = tensor.shape.slice(2) as [number, number];
    const grid = channelGrid(itemAt(tensor, 0), { numbers: false, margin: 2, background: INK });
    const picture = await savePicture(folder, `activations-${layer.name}`, grid);
    pictures.push({ ...picture, layer: layer.name, kind: layer.kind, size: [height, width], ...silenceOf(answer) });
    bar.update(i + 1, drawn.length);
  }
  bar.end();
  return pictures;
}

/** The channel with the most contrast of the first convolution and of one in the middle. */
export async function drawSingleChannels(folder: OutputFolder, answers: readonly Activation[]): Promise<ChannelPicture[]> {
  const convolutions = answers.filter(({ layer }) => layer.kind === "Conv2D");
  const chosen = [convolutions[0], convolutions[Math.floor(convolutions.length / 2) - 1]].filter((answer) => answer !== undefined);
  const pictures: ChannelPicture[] = [];
  for (const { layer, tensor } of chosen) {
    const { index, values } = mostVaried(itemAt(tensor, 0));
    const image = resizeImage(drawChannel(values), SINGLE, SINGLE, "nearest");
    pictures.push({ ...(await savePicture(folder, `channel-${layer.name}-${index}`, image)), layer: layer.name, channel: index });
  }
  return pictures;
}

/** The channel of `[C, H, W]` whose values spread most, compared with their mean. */
function mostVaried(layer: Tensor<"float32">): { index: number; values: Tensor<"float32"> } {
  const spreads = Array.from({ length: layer.shape[0] as number }, (_, c) => spreadOf(toNumbers(itemAt(layer, c))));
  const index = spreads.indexOf(Math.max(...spreads));
  return { index, values: itemAt(layer, index) };
}

/** Standard deviation. */
function spreadOf(values: readonly number[]): number {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  return Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length);
}
