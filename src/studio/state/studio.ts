// All that the page knows, in one place, and the hook that reads it.

import type { Image } from "pellucid";
import { useSyncExternalStore } from "react";
import type { Answer, AscentFrame, Failure, ModelSettings, ModelSource, ModelSummary } from "../engine/protocol.ts";
import { type Language, preferredLanguage, preferredTheme, type Theme } from "./preferences.ts";

export type View = "heatmaps" | "activations" | "filters" | "graph";

export const views: readonly View[] = ["heatmaps", "activations", "filters", "graph"];

/** A long piece of work that can be stopped. */
export interface Work {
  readonly id: number;
  readonly label: string;
  readonly done: number;
  readonly total: number | undefined;
  stop(): void;
}

/** The filter that is being ascended now, or was last. */
export interface LiveAscent {
  readonly layer: string;
  readonly channel: number;
  readonly frame: AscentFrame | undefined;
  readonly paused: boolean;
  readonly running: boolean;
}

/** A finished pattern. */
export interface Pattern {
  readonly layer: string;
  readonly channel: number;
  readonly seed: number;
  readonly picture: Image;
  readonly activation: number;
  readonly silent: boolean;
}

export interface AscentSettings {
  readonly steps: number;
  readonly stepSize: number;
  readonly seed: number;
}

export interface Studio {
  readonly source: ModelSource | undefined;
  readonly settings: ModelSettings;
  readonly model: ModelSummary | undefined;
  readonly picture: { readonly name: string; readonly image: Image } | undefined;
  readonly answer: Answer | undefined;
  /** Why there is no answer. */
  readonly unanswered: Failure | undefined;
  /** Milliseconds that the last prediction took, and whether the model was loaded in that time. */
  readonly took: { readonly ms: number; readonly cold: boolean } | undefined;
  /** Whether the open model has predicted before. */
  readonly warm: boolean;
  /** Counts models and pictures: what was computed for another one is out of date. */
  readonly generation: number;
  readonly layer: string | undefined;
  readonly target: number | undefined;
  readonly view: View;
  readonly method: string;
  readonly strength: number;
  readonly ascent: AscentSettings;
  readonly live: LiveAscent | undefined;
  readonly gallery: readonly Pattern[];
  readonly work: readonly Work[];
  readonly failure: Failure | undefined;
  readonly language: Language;
  readonly theme: Theme;
}

let state: Studio = {
  source: undefined,
  settings: { device: "cpu", preprocess: undefined, resize: "squash", size: undefined, labels: undefined },
  model: undefined,
  picture: undefined,
  answer: undefined,
  unanswered: undefined,
  took: undefined,
  warm: false,
  generation: 0,
  layer: undefined,
  target: undefined,
  view: "heatmaps",
  method: "grad-cam",
  strength: 0.55,
  ascent: { steps: 60, stepSize: 1, seed: 0 },
  live: undefined,
  gallery: [],
  work: [],
  failure: undefined,
  language: preferredLanguage(),
  theme: preferredTheme(),
};

const listeners = new Set<() => void>();

export function studio(): Studio {
  return state;
}

export function update(changes: Partial<Studio>): void {
  state = { ...state, ...changes };
  for (const listener of listeners) listener();
}

/** A part of the state; the component is drawn again when that part changes. `select` must give the same object for the same state. */
export function useStudio<T>(select: (state: Studio) => T): T {
  return useSyncExternalStore(subscribe, () => select(state));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
