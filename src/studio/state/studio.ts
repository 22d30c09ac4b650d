// All that the page knows, in one place, and the hook that reads it.

import type { Image, ScoreKind, Tensor } from "pellucid";
import { useSyncExternalStore } from "react";
import type { Answer, AscentFrame, Failure, ModelSettings, ModelSource, ModelSummary } from "../engine/protocol.ts";
import { type Language, preferredLanguage, preferredTheme, type Theme } from "./preferences.ts";

export type View = "heatmaps" | "activations" | "filters" | "graph";

export const views: readonly View[] = ["heatmaps", "activations", "filters", "graph"];

/** A piece of work that can be stopped. */
export interface Work {
  readonly id: number;
  readonly label: string;
  readonly done: number;
  readonly total: number | undefined;
  /** Whether it has lasted long enough to be shown. */
  readonly shown: boolean;
  /** Whether it is of no use any more when another model is open. */
  readonly ofModel: boolean;
  /** Asks it to stop. */
  stop(): void;
  /** Stops it, even in the middle of a run that does not listen. */
  stopSurely(): void;
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
  readonly settings: AscentSettings;
  readonly picture: Image;
  /** In the model's own input space and layout. */
  readonly values: Tensor<"float32">;
  readonly activation: number;
  readonly silent: boolean;
}

export interface AscentSettings {
  readonly steps: number;
  readonly stepSize: number;
  readonly seed: number;
}

/** A picture: what the page shows of it, its file, and how large it is. */
export interface OpenPicture {
  readonly name: string;
  readonly file: Blob;
  readonly width: number;
  readonly height: number;
  readonly image: Image;
}

export interface Studio {
  readonly source: ModelSource | undefined;
  readonly settings: ModelSettings;
  readonly model: ModelSummary | undefined;
  readonly picture: OpenPicture | undefined;
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
  /** Whether a heatmap explains what the model gives, or the value before its softmax. */
  readonly score: ScoreKind;
  /** A class that is shown beside the target. */
  readonly rival: number | undefined;
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
  score: "output",
  rival: undefined,
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
