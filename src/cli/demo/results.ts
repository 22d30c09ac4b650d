// What the demo found out, as the page tells it. Files are PNGs beside the page.

import type { LayerInfo, Prediction } from "pellucid";

export interface DemoOptions {
  /** Steps of gradient ascent for each filter. */
  steps: number;
}

export interface Picture {
  readonly file: string;
  readonly width: number;
  readonly height: number;
}

/** One channel of one layer. */
export interface ChannelPicture extends Picture {
  readonly layer: string;
  readonly channel: number;
}

/** All channels of a layer, and how many of them did not answer at all. */
export interface LayerPicture extends Picture {
  readonly layer: string;
  readonly kind: string;
  readonly channels: number;
  /** Height and width of a channel. */
  readonly size: readonly [number, number];
  /** Channels that are zero everywhere. */
  readonly silent: number;
  /** Share of the layer's values that are zero. */
  readonly zeros: number;
}

export interface FilterPicture extends Picture {
  readonly layer: string;
  /** How many are drawn, and how many the layer has. */
  readonly filters: number;
  readonly total: number;
  /** Filters that were passed over, because nothing in the ascent's start makes them answer. */
  readonly silent: number;
}

/** Where one class was seen in a photo. */
export interface ClassPicture {
  readonly prediction: Prediction;
  /** Undefined where nothing spoke for the class. */
  readonly pictures: { readonly heatmap: Picture; readonly overlay: Picture } | undefined;
}

/** A photo of something that the network has never seen, and its best guess. */
export interface Stranger {
  readonly what: string;
  readonly prediction: Prediction;
  /** The photo with the guess's heatmap over it. */
  readonly overlay: Picture;
}

export interface DemoResults {
  readonly photo: Picture;
  readonly input: Picture;
  readonly model: {
    readonly name: string;
    readonly parameters: number;
    readonly pictureSize: readonly [number, number];
    readonly layers: readonly LayerInfo[];
    readonly labels: readonly string[];
  };
  readonly predictions: readonly Prediction[];
  readonly single: readonly ChannelPicture[];
  readonly activations: readonly LayerPicture[];
  readonly filters: readonly FilterPicture[];
  readonly heatmaps: { readonly layer: string; readonly classes: readonly ClassPicture[] };
  readonly strangers: readonly Stranger[];
  readonly seconds: number;
  readonly version: string;
}
