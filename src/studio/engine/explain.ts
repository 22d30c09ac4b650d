// Which part of the picture spoke for a class, and which channels of a layer did.

import {
  type Activation,
  activations,
  drawHeatmap,
  explanations,
  fail,
  float32,
  itemAt,
  modelGradient,
  normalizeHeatmap,
  type Tensor,
  toOwnLayout,
} from "pellucid";
import { currentInput, currentModel, currentWindow } from "./desk.ts";
import type { ChannelShare } from "./protocol.ts";
import type { Task } from "./task.ts";

/** Heat is drawn at most this large; the page scales it smoothly. */
const HEAT_SIDE = 512;

export const explain: Task<"explain"> = async ({ method, targets, layer, score }, { signal }) => {
  const model = currentModel();
  const explanation = explanations[method] ?? fail("BAD_ARGUMENT", `There is no method "${method}".`);
  const heatmaps = await explanation.explain(model, await currentInput(), { target: targets, layer, score, signal });
  return heatmaps.map(({ map, ...heatmap }) => ({
    layer: heatmap.layer,
    target: heatmap.target,
    score: heatmap.score,
    warning: heatmap.warning,
    shape: map.shape as [number, number],
    map: map.data.slice(),
    heat: drawHeatmap(map, { size: heatSize(), colormap: "viridis" }),
  }));
};

/** Grad-CAM's own weights, channel by channel: the mean gradient of the class times the mean answer. */
export const answering: Task<"answering"> = async ({ layer, target, top }, { signal }) => {
  const model = currentModel();
  const input = await currentInput();
  const [answer] = (await activations(model, input, { layer: [layer], signal })) as [Activation];
  if (answer.tensor.shape.length !== 4) return [];
  const slopes = await modelGradient(model, input, { index: target, wrt: layer, signal });
  const evidence = evidenceOf(toOwnLayout(answer.layer, answer.tensor), slopes, answer.layer.ownOrder ? 3 : 1);
  const total = evidence.reduce((sum, x) => sum + x, 0);
  return evidence
    .map((own, channel) => ({ channel, share: total > 0 ? own / total : 0 }))
    .filter(({ share }) => share > 0)
    .sort((a, b) => b.share - a.share)
    .slice(0, top)
    .map((each) => ({ ...each, map: drawShare(itemAt(itemAt(answer.tensor, 0), each.channel)) }));
};

export const where: Task<"where"> = async ({ layer, channel }, { signal }) => {
  const [answer] = (await activations(currentModel(), await currentInput(), { layer: [layer], signal })) as [Activation];
  return answer.tensor.shape.length === 4 ? drawShare(itemAt(itemAt(answer.tensor, 0), channel)) : undefined;
};

/** Positive evidence of each channel. Both tensors are of one item, in the model's own layout. */
function evidenceOf(answers: Tensor<"float32">, slopes: Tensor<"float32">, axis: number): number[] {
  const gradients = channelMeans(slopes, axis);
  return channelMeans(answers, axis).map((mean, c) => Math.max(0, mean * (gradients[c] as number)));
}

function channelMeans({ shape, data }: Tensor<"float32">, axis: number): number[] {
  const count = shape[axis] as number;
  const inner = shape.slice(axis + 1).reduce((n, d) => n * d, 1);
  const means = new Array<number>(count).fill(0);
  data.forEach((x, i) => {
    means[Math.floor(i / inner) % count] = (means[Math.floor(i / inner) % count] as number) + (x * count) / data.length;
  });
  return means;
}

function drawShare(channel: Tensor<"float32">): ChannelShare["map"] {
  const { map } = normalizeHeatmap(float32(channel.shape, channel.data));
  return drawHeatmap(map, { size: heatSize(160), colormap: "viridis" });
}

/** The size at which the part of the picture that the model sees is drawn. */
function heatSize(side = HEAT_SIDE): [number, number] {
  const { width, height } = currentWindow();
  const scale = Math.min(1, side / Math.max(width, height));
  return [Math.max(1, Math.round(height * scale)), Math.max(1, Math.round(width * scale))];
}
