// The methods that explain a class by a map over the picture: what a program can offer its user to choose from.

import type { Model } from "../model.ts";
import type { ModelFeed } from "./feeds.ts";
import { type GradCamOptions, gradCam, type Heatmap } from "./grad-cam.ts";

/** What every explanation understands. */
export type ExplanationOptions = Pick<GradCamOptions, "target" | "layer" | "score" | "output" | "signal" | "onProgress">;

export interface Explanation {
  /** As its paper calls it. */
  readonly title: string;
  /** Whether the map is drawn from a layer that the user may choose. */
  readonly perLayer: boolean;
  /** One map for each target and picture, pictures in the inner order. */
  explain(model: Model, input: ModelFeed, options?: ExplanationOptions): Promise<Heatmap[]>;
}

/**
 * All of them, by name.
 *
 * @example
 * for (const [name, { title, explain }] of Object.entries(explanations)) show(name, title, await explain(model, image));
 */
export const explanations: Readonly<Record<string, Explanation>> = {
  "grad-cam": { title: "Grad-CAM", perLayer: true, explain: gradCam },
};
