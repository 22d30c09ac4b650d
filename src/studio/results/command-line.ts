// The command line that computes what the studio shows.

import type { Studio } from "../state/studio.ts";

export function commandLine(state: Studio): string {
  const words = [...commandOf(state), ...settingsOf(state)];
  return ["pellucid", ...words].map(quote).join(" ");
}

function commandOf({ view, model: opened, source, picture, layer, target, live, ascent, answer }: Studio): string[] {
  const model = source?.name ?? "model";
  const ofLayer = layer === undefined ? [] : ["--layer", layer];
  if (view === "graph") return ["summary", model];
  if (view === "filters") {
    const filter = live ? ["--filter", String(live.channel)] : [];
    const climbed = opened?.layers.find(({ name }) => name === layer)?.climbed;
    return [
      "filters",
      model,
      ...(climbed === undefined ? [] : ["--layer", climbed]),
      ...filter,
      "--steps",
      String(ascent.steps),
      "--step-size",
      String(ascent.stepSize),
      "--seed",
      String(ascent.seed),
    ];
  }
  if (view === "activations") return ["activations", model, picture?.name ?? "picture", ...ofLayer];
  const label = answer?.predictions.find(({ index }) => index === target)?.label ?? String(target);
  return ["cam", model, picture?.name ?? "picture", "--target", label, ...ofLayer];
}

function settingsOf({ settings, source }: Studio): string[] {
  return [
    ...(settings.preprocess ? ["--preprocess", settings.preprocess] : []),
    ...(settings.resize === "squash" ? [] : ["--resize", settings.resize]),
    ...(settings.size ? ["--input-size", String(settings.size)] : []),
    ...(settings.labels && source ? ["--labels", "labels.json"] : []),
  ];
}

function quote(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
