// The command line that computes what the studio shows, and draws it in the same colours.

import type { AscentSettings, Studio } from "../state/studio.ts";
import { patternsOf } from "./saved-view.ts";

/** One line; for patterns that were made with several settings, one line for each. */
export function commandLine(state: Studio): string {
  return commandsOf(state)
    .map((words) => ["pellucid", ...words, ...settingsOf(state)].map(quote).join(" "))
    .join("\n");
}

function commandsOf(state: Studio): string[][] {
  const { view, source, picture, layer } = state;
  const [model, photo] = [source?.name ?? "model", picture?.name ?? "picture"];
  if (view === "graph") return [["summary", model]];
  if (view === "filters") return filtersOf(state, model);
  if (view === "activations") return [["activations", model, photo, ...option("--layer", layer)]];
  return [["cam", model, photo, ...classesOf(state), ...option("--layer", mapLayerOf(state)), ...lookOf(state)]];
}

/** The patterns that are shown, grouped by the settings that they were made with. */
function filtersOf(state: Studio, model: string): string[][] {
  const { layer, ascent } = state;
  const climbed = state.model?.layers.find(({ name }) => name === layer)?.climbed;
  const command = ({ steps, stepSize, seed }: AscentSettings, channels: readonly number[]) => [
    "filters",
    model,
    ...option("--layer", climbed),
    ...option("--filter", ranges(channels) || undefined),
    ...["--steps", String(steps), "--step-size", String(stepSize), "--seed", String(seed)],
  ];
  const patterns = patternsOf(state);
  if (patterns.length === 0) return [command(ascent, [])];
  const kinds = [...new Set(patterns.map(({ settings }) => JSON.stringify(settings)))];
  return kinds.map((kind) => {
    const channels = patterns.filter(({ settings }) => JSON.stringify(settings) === kind).map(({ channel }) => channel);
    return command(JSON.parse(kind), channels);
  });
}

function classesOf({ answer, target, rival }: Studio): string[] {
  const labelOf = (index: number) => answer?.predictions.find((each) => each.index === index)?.label ?? String(index);
  return [target, rival === target ? undefined : rival].flatMap((index) => option("--target", index === undefined ? undefined : labelOf(index)));
}

/** The layer where the method takes one and it has maps; the method finds its own else. */
function mapLayerOf({ model, method, layer }: Studio): string | undefined {
  const perLayer = model?.methods.find(({ name }) => name === method)?.perLayer;
  return perLayer && model?.layers.find(({ name }) => name === layer)?.hasMaps ? layer : undefined;
}

function lookOf({ score, strength }: Studio): string[] {
  return [...option("--score", score === "output" ? undefined : score), "--colormap", "viridis", "--blend", "mix", "--strength", String(strength)];
}

function settingsOf({ settings, source }: Studio): string[] {
  return [
    ...option("--preprocess", settings.preprocess),
    ...option("--resize", settings.resize === "squash" ? undefined : settings.resize),
    ...option("--input-size", settings.size ? String(settings.size) : undefined),
    ...option("--labels", settings.labels && source ? "labels.json" : undefined),
  ];
}

function option(name: string, value: string | undefined): string[] {
  return value === undefined ? [] : [name, value];
}

/** [0, 1, 2, 5] → 0-2,5 */
function ranges(channels: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const channel of channels) {
    const last = runs.at(-1);
    if (last && channel === last[1] + 1) last[1] = channel;
    else runs.push([channel, channel]);
  }
  return runs.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}

function quote(word: string): string {
  return /^[\w./:=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
