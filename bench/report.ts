// From single timings to ratios: best of all rounds against best of all rounds.

import { type Contender, describe, type Opening } from "./contender.ts";

export interface Measurement {
  readonly contender: string;
  readonly task: string;
  readonly ms: number;
  readonly check: readonly number[];
}

export interface Row {
  readonly what: string;
  /** Pellucid's best time, or the measured quantity itself. */
  readonly value: string;
  readonly against: string;
  /** Measured ratio or absolute number, and the goal that it must stay under. */
  readonly ratio: number;
  readonly goal: number;
}

/** Bytes of VGG16's weights. */
const WEIGHTS = 138_357_544 * 4;

const goals: readonly [task: string, what: string, against: string, goal: number][] = [
  ["grad-cam", "Grad-CAM, VGG16 at 224", "PyTorch", 0.75],
  ["grad-cam", "Grad-CAM, VGG16 at 224", "ONNX Runtime", 1.3],
  ["grad-cam", "Grad-CAM, VGG16 at 224", "TensorFlow.js", 0.06],
  ["gradient", "Gradient to the input, VGG16 at 224", "PyTorch", 0.75],
  ["gradient", "Gradient to the input, VGG16 at 224", "TensorFlow.js", 0.06],
  ["ascent-1", "Ascent step, block3_conv1 at 150, 1 filter", "PyTorch", 0.95],
  ["ascent-1", "Ascent step, block3_conv1 at 150, 1 filter", "TensorFlow.js", 0.06],
  ["ascent-8", "Ascent step, block3_conv1 at 150, 8 filters", "PyTorch", 0.3],
  ["ascent-8", "Ascent step, block3_conv1 at 150, 8 filters", "TensorFlow.js", 0.06],
];

/** The rows of the table; those whose contender did not run are left out. */
export function report(times: readonly Measurement[], opening: { readonly onnx: Opening; readonly h5: Opening }): Row[] {
  const best = (contender: string, task: string) => Math.min(...times.filter((t) => t.contender === contender && t.task === task).map((t) => t.ms));
  const ratios = goals.flatMap(([task, what, against, goal]): Row[] => {
    // ONNX Runtime only runs forward.
    const other = best(against, against === "ONNX Runtime" ? "forward" : task);
    const ours = best("Pellucid", task);
    if (!Number.isFinite(other)) return [];
    return [
      {
        what,
        value: `${ours.toFixed(0)} ms`,
        against: `${against}${against === "ONNX Runtime" ? ", forward only" : ""}: ${other.toFixed(0)} ms`,
        ratio: ours / other,
        goal,
      },
    ];
  });
  const opened = (
    [
      ["onnx", 1],
      ["h5", 2],
    ] as const
  ).flatMap(([kind, goal]): Row[] => {
    const { opened: ms, peak } = opening[kind];
    const file = `VGG16 .${kind} (553 MB)`;
    return [
      { what: `${file} opened, ready to run`, value: `${(ms / 1000).toFixed(2)} s`, against: "seconds", ratio: ms / 1000, goal },
      {
        what: `${file} opened and explained, peak memory`,
        value: `${(peak / 2 ** 20).toFixed(0)} MiB`,
        against: "size of the weights",
        ratio: peak / WEIGHTS,
        goal: 1.6,
      },
    ];
  });
  return [...ratios, ...opened];
}

/** A Markdown table for the README. */
export function asTable(contenders: readonly Contender[], rows: readonly Row[]): string {
  const lines = rows.map(
    ({ what, value, against, ratio, goal }) => `| ${what} | ${value} | ${against} | ${ratio.toFixed(3)} | ${goal} | ${ratio <= goal ? "yes" : "no"} |`,
  );
  return [
    `Best of all rounds; ${contenders.map(describe).join(", ")}.`,
    "",
    "| what | Pellucid | against | ratio | goal | reached |",
    "| --- | --- | --- | --- | --- | --- |",
    ...lines,
  ].join("\n");
}
