// What the page asks its worker to do, and what comes back. Everything here survives postMessage.

import type { FilterStep, Image, Prediction, PresetName, ResizePolicy, ScoreKind, Tensor, Window } from "pellucid";

export type StudioDevice = "cpu" | "webgpu";

/** Where a model's bytes are: files of the user, or an absolute address. */
export type ModelSource =
  | { readonly kind: "files"; readonly name: string; readonly files: readonly File[] }
  | { readonly kind: "url"; readonly name: string; readonly url: string };

export interface ModelSettings {
  readonly device: StudioDevice;
  readonly preprocess: PresetName | undefined;
  readonly resize: ResizePolicy;
  /** Side of the pictures, for models that leave it open. */
  readonly size: number | undefined;
  /** Class names: the content of a file. */
  readonly labels: string | undefined;
}

export interface StudioLayer {
  readonly name: string;
  readonly kind: string;
  readonly inputs: readonly string[];
  readonly parameters: number;
  /** Own layout, the batch as `null`. */
  readonly shape: readonly (number | string | null)[];
  readonly channels: number | undefined;
  /** Whether its channels have height and width. */
  readonly hasMaps: boolean;
  /** What an ascent climbs: the tensor before the layer's ReLU, where even a filter that is silent has a slope; else the layer. */
  readonly climbed: string;
}

/** A method of the library that explains a class by a map. */
export interface StudioMethod {
  readonly name: string;
  readonly title: string;
  readonly perLayer: boolean;
}

export interface ModelSummary {
  readonly name: string;
  readonly format: string;
  readonly producer: string | undefined;
  readonly parameters: number;
  readonly input: { readonly name: string; readonly shape: readonly (number | string | null)[] };
  readonly layers: readonly StudioLayer[];
  readonly methods: readonly StudioMethod[];
  readonly preprocess: { readonly preset: PresetName; readonly reason: string | undefined } | undefined;
  readonly size: readonly [number, number] | undefined;
  readonly device: StudioDevice;
}

/** A picture that was read. */
export interface Looked {
  readonly width: number;
  readonly height: number;
  /** What the page shows of it: smaller where it is large. */
  readonly shown: Image;
}

/** What the network says of a picture. */
export interface Answer {
  readonly predictions: readonly Prediction[];
  /** The picture as the network sees it. */
  readonly seen: Image;
  readonly window: Window;
  /** Threads of wasm; 1 on WebGPU and where the page is not cross-origin isolated. */
  readonly threads: number;
}

export interface ChannelStatistics {
  readonly mean: number;
  readonly max: number;
  /** Share of values that are zero, 0..1. */
  readonly sparsity: number;
}

export interface LayerSurvey {
  readonly layer: string;
  readonly channels: number;
  /** Channels that are zero everywhere. */
  readonly silent: number;
  readonly mean: number;
  readonly sparsity: number;
}

export interface LayerActivations {
  readonly layer: string;
  /** Height and width of a channel; [1, 1] for layers without positions. */
  readonly size: readonly [number, number];
  /** `[C, H, W]`. */
  readonly values: Float32Array;
  /** The channels in colours, RGBA, one after the other. */
  readonly pixels: Uint8ClampedArray;
  readonly channels: readonly ChannelStatistics[];
}

export interface AscentRequest {
  readonly layer: string;
  /** See `StudioLayer`. */
  readonly climbed: string;
  readonly filters: readonly number[];
  readonly steps: number;
  readonly stepSize: number;
  readonly seed: number;
}

/** Filters' pictures between two steps. */
export interface AscentFrame extends Omit<FilterStep, "images"> {
  readonly pictures: readonly Image[];
  /** The pictures in the model's own input space and layout. */
  readonly values: readonly Tensor<"float32">[];
}

export interface ExplainRequest {
  readonly method: string;
  readonly targets: readonly number[];
  readonly layer: string | undefined;
  readonly score: ScoreKind;
}

export interface StudioHeatmap {
  readonly layer: string;
  readonly target: { readonly index: number; readonly label: string };
  readonly score: number;
  readonly shape: readonly [number, number];
  readonly map: Float32Array;
  /** The map in colours at the size of what the network saw. */
  readonly heat: Image;
  readonly warning: string | undefined;
}

/** How much a channel of a layer spoke for a class. */
export interface ChannelShare {
  readonly channel: number;
  /** Its share of all positive evidence in the layer, 0..1. */
  readonly share: number;
  readonly map: Image;
}

export type DrawRequest =
  | { readonly kind: "picture"; readonly image: Image }
  | { readonly kind: "activations"; readonly layer: string }
  | { readonly kind: "heatmaps"; readonly maps: readonly Pick<StudioHeatmap, "map" | "shape">[]; readonly strength: number }
  | { readonly kind: "filters"; readonly pictures: readonly Image[] };

/** Every task: its argument, its result, and what it reports on its way. */
export interface Tasks {
  open: { argument: { source: ModelSource; settings: ModelSettings }; result: ModelSummary; progress: never };
  look: { argument: { picture: Blob; name: string }; result: Looked; progress: never };
  predict: { argument: Record<never, never>; result: Answer; progress: never };
  survey: { argument: Record<never, never>; result: readonly LayerSurvey[]; progress: { done: number; total: number } };
  activations: { argument: { layer: string }; result: LayerActivations; progress: never };
  ascend: { argument: AscentRequest; result: undefined; progress: AscentFrame };
  explain: { argument: ExplainRequest; result: readonly StudioHeatmap[]; progress: never };
  answering: { argument: { layer: string; target: number; top: number }; result: readonly ChannelShare[]; progress: never };
  /** Where a channel answers, in colours; undefined for layers without positions. */
  where: { argument: { layer: string; channel: number }; result: Image | undefined; progress: never };
  draw: { argument: DrawRequest; result: Uint8Array<ArrayBuffer>; progress: never };
  raw: { argument: { layer: string }; result: Uint8Array<ArrayBuffer>; progress: never };
}

export type TaskName = keyof Tasks;

export type ToWorker =
  | { readonly id: number; readonly task: TaskName; readonly argument: unknown }
  | { readonly id: number; readonly stop: true }
  | { readonly id: number; readonly paused: boolean };

/** An error as it crosses the border. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

export type FromWorker =
  | { readonly id: number; readonly progress: unknown }
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly failure: Failure };
