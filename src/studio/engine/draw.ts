// Results as PNG files, drawn by the library: the same pictures as the command line saves.

import { activations, channelGrid, encodePng, filterGrid, float32, grid, type Image, itemAt, overlay } from "pellucid";
import { currentInput, currentModel, currentPicture, currentWindow } from "./desk.ts";
import type { DrawRequest } from "./protocol.ts";
import type { Task } from "./task.ts";

export const draw: Task<"draw"> = async (request, { signal }) => new Uint8Array(encodePng(await imageOf(request, signal)));

async function imageOf(request: DrawRequest, signal: AbortSignal): Promise<Image> {
  if (request.kind === "picture") return request.image;
  if (request.kind === "filters") return filterGrid(request.pictures);
  if (request.kind === "activations") return drawLayer(request.layer, signal);
  const look = { strength: request.strength, colormap: "viridis", blend: "mix", window: currentWindow() } as const;
  const overlays = request.maps.map(({ map, shape }) => overlay(currentPicture().image, float32(shape, map), look));
  return overlays.length === 1 ? (overlays[0] as Image) : grid(overlays, { margin: 8 });
}

async function drawLayer(layer: string, signal: AbortSignal): Promise<Image> {
  const [answer] = await activations(currentModel(), await currentInput(), { layer: [layer], signal });
  return channelGrid(itemAt((answer as NonNullable<typeof answer>).tensor, 0), { title: layer });
}
