// Results as PNG files, drawn by the library: the same pictures as the command line saves.

import { activations, channelGrid, encodePng, filterGrid, float32, type Image, itemAt, overlay, windowOf } from "pellucid";
import { currentInput, currentModel, currentPicture } from "./desk.ts";
import type { DrawRequest } from "./protocol.ts";
import type { Task } from "./task.ts";

export const draw: Task<"draw"> = async (request, { signal }) => new Uint8Array(encodePng(await imageOf(request, signal)));

async function imageOf(request: DrawRequest, signal: AbortSignal): Promise<Image> {
  if (request.kind === "picture") return request.image;
  if (request.kind === "filters") return filterGrid(request.pictures, { title: request.title, labels: request.labels });
  if (request.kind === "activations") return drawLayer(request.layer, signal);
  const [model, picture] = [currentModel(), currentPicture()];
  const window = windowOf(picture, model.pictureSize, model.preprocessing?.resize ?? "squash");
  return overlay(picture, float32(request.shape, request.map), { strength: request.strength, colormap: "viridis", blend: "mix", window });
}

async function drawLayer(layer: string, signal: AbortSignal): Promise<Image> {
  const [answer] = await activations(currentModel(), await currentInput(), { layer: [layer], signal });
  return channelGrid(itemAt((answer as NonNullable<typeof answer>).tensor, 0), { title: layer });
}
