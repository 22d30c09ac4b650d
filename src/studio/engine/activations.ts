// What layers answer to the picture: one layer with all its channels, or a few numbers of each.

import { type Activation, activations as activationsOf, checkAborted, drawChannel, itemAt, reshape, type Tensor, toOwnLayout, writeNpy } from "pellucid";
import { currentInput, currentModel } from "./desk.ts";
import type { ChannelStatistics, LayerSurvey } from "./protocol.ts";
import type { Task } from "./task.ts";

/** Bytes of activations that one run of a survey may return. */
const SURVEY_BYTES = 2 ** 27;

export const activations: Task<"activations"> = async ({ layer }, { signal }) => {
  const channels = channelsOf(await answerOf(layer, signal));
  const [count, height, width] = channels.shape as [number, number, number];
  const items = Array.from({ length: count }, (_, c) => itemAt(channels, c));
  const pixels = new Uint8ClampedArray(count * height * width * 4).fill(255);
  for (const [c, item] of items.entries()) paintInto(pixels, c * height * width, drawChannel(item).data);
  return { layer, size: [height, width], values: channels.data.slice(), pixels, channels: items.map(({ data }) => statisticsOf(data)) };
};

export const survey: Task<"survey"> = async (_, { signal, progress, unpaused }) => {
  const model = currentModel();
  const input = await currentInput();
  const layers = model.layers.filter((layer) => layer.channelAxis !== undefined);
  const surveys: LayerSurvey[] = [];
  for (const names of batches(layers)) {
    await unpaused();
    checkAborted(signal);
    surveys.push(...(await activationsOf(model, input, { layer: names, signal })).map(surveyOf));
    progress({ done: surveys.length, total: layers.length });
  }
  return surveys;
};

export const raw: Task<"raw"> = async ({ layer }, { signal }) => {
  const answer = await answerOf(layer, signal);
  return new Uint8Array(writeNpy(toOwnLayout(answer.layer, answer.tensor)));
};

async function answerOf(layer: string, signal: AbortSignal): Promise<Activation> {
  const [answer] = await activationsOf(currentModel(), await currentInput(), { layer: [layer], signal });
  return answer as Activation;
}

/** One item as `[C, H, W]`: layers without positions are channels of one value, others have their last axes joined. */
function channelsOf({ layer, tensor }: Activation): Tensor<"float32"> {
  const item = itemAt(tensor, 0);
  const [first = 1, ...rest] = item.shape;
  if (rest.length === 2 && layer.channelAxis === 1) return item;
  if (rest.length === 0) return reshape(item, [first, 1, 1]);
  return reshape(item, [first, rest[0] as number, rest.slice(1).reduce((n, d) => n * d, 1)]);
}

function paintInto(pixels: Uint8ClampedArray, start: number, rgb: Uint8Array): void {
  for (let i = 0; i < rgb.length; i++) pixels[(start + Math.floor(i / 3)) * 4 + (i % 3)] = rgb[i] as number;
}

function statisticsOf(values: Float32Array): ChannelStatistics {
  const finite = values.filter(Number.isFinite);
  const sum = finite.reduce((total, x) => total + x, 0);
  return {
    mean: finite.length ? sum / finite.length : 0,
    max: finite.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY),
    sparsity: values.filter((x) => x === 0).length / Math.max(1, values.length),
  };
}

function surveyOf(answer: Activation): LayerSurvey {
  const channels = channelsOf(answer);
  const statistics = Array.from({ length: channels.shape[0] as number }, (_, c) => statisticsOf(itemAt(channels, c).data));
  const mean = (value: (each: ChannelStatistics) => number) => statistics.reduce((sum, each) => sum + value(each), 0) / statistics.length;
  return {
    layer: answer.layer.name,
    channels: statistics.length,
    silent: statistics.filter(({ sparsity }) => sparsity === 1).length,
    mean: mean((each) => each.mean),
    sparsity: mean((each) => each.sparsity),
  };
}

/** Names of layers whose activations together stay below the limit. */
function batches(layers: readonly { name: string; shape: readonly (number | string | null)[] }[]): string[][] {
  const result: string[][] = [];
  let room = 0;
  for (const { name, shape } of layers) {
    const bytes = 4 * shape.reduce<number>((n, d) => n * (typeof d === "number" ? d : 1), 1);
    if (room < bytes) {
      result.push([]);
      room = SURVEY_BYTES;
    }
    result.at(-1)?.push(name);
    room -= bytes;
  }
  return result;
}
