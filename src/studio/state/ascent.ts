// Gradient ascent: one filter live, or a whole layer in the background. Finished patterns go into the gallery.

import { type RunningTask, start } from "../engine/client.ts";
import type { AscentFrame } from "../engine/protocol.ts";
import { textOf } from "../text/use-text.ts";
import { type AscentSettings, type Pattern, studio, update } from "./studio.ts";
import { report, startListed } from "./work.ts";

let current: RunningTask<"ascend"> | undefined;

/** Runs one filter where it can be watched; the one before is stopped. */
export function watchFilter(layer: string, channel: number): void {
  current?.stop();
  const { ascent } = studio();
  update({ live: { layer, channel, frame: undefined, paused: false, running: true } });
  const running = start("ascend", { layer, climbed: climbedBy(layer), filters: [channel], ...ascent }, (frame) => {
    if (current === running) showFrame(frame, ascent);
  });
  current = running;
  running.result.catch(report).finally(() => {
    if (current === running) endLive();
  });
}

export function pauseAscent(paused: boolean): void {
  const { live } = studio();
  if (!live) return;
  current?.pause(paused);
  update({ live: { ...live, paused } });
}

export function stopAscent(): void {
  current?.stop();
}

/** Forgets the filter that was watched: it belongs to another model. */
export function dropAscent(): void {
  current?.stop();
  current = undefined;
}

/** Other steps or another seed: a filter that is being watched starts again with them. */
export function changeAscent(changes: Partial<AscentSettings>): void {
  update({ ascent: { ...studio().ascent, ...changes } });
  const { live } = studio();
  if (live) watchFilter(live.layer, live.channel);
}

/** Runs all filters of a layer in the background. */
export function runLayer(layer: string, channels: number): void {
  const text = textOf(studio().language);
  const { ascent, model } = studio();
  const filters = Array.from({ length: channels }, (_, i) => i);
  const listed = startListed(text.filtersOf(layer), "ascend", { layer, climbed: climbedBy(layer), filters, ...ascent }, (frame, show) => {
    show(frame.done + (frame.step / Math.max(1, frame.steps)) * frame.filters.length, frame.total);
    if (studio().model === model) keepFinished(frame, ascent);
  });
  listed.result.catch(report);
}

/** The tensor that an ascent on a layer's filters climbs. */
export function climbedBy(layer: string): string {
  return studio().model?.layers.find(({ name }) => name === layer)?.climbed ?? layer;
}

function showFrame(frame: AscentFrame, settings: AscentSettings): void {
  const { live } = studio();
  if (live) update({ live: { ...live, frame } });
  keepFinished(frame, settings);
}

function endLive(): void {
  current = undefined;
  const { live } = studio();
  if (live) update({ live: { ...live, running: false, paused: false } });
}

/** Patterns whose last step is done replace earlier ones of the same channel. */
function keepFinished(frame: AscentFrame, settings: AscentSettings): void {
  if (frame.step < frame.steps) return;
  const finished = frame.filters.map((channel, i): Pattern => {
    const { pictures, values, activations, silent } = frame;
    return {
      layer: frame.layer,
      channel,
      settings,
      picture: pictures[i] as Pattern["picture"],
      values: values[i] as Pattern["values"],
      activation: activations[i] as number,
      silent: silent[i] as boolean,
    };
  });
  const others = studio().gallery.filter(({ layer, channel }) => layer !== frame.layer || !frame.filters.includes(channel));
  update({ gallery: [...others, ...finished] });
}
