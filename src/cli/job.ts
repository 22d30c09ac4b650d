// What every command works with, and what it gives back. The runner prints; commands only say what.

import type { CommonOptions } from "./options.ts";
import { type OutputFolder, outputFolder } from "./output-folder.ts";
import { type Progress, progressBar } from "./progress.ts";

/** What a command found out, once for people and once for programs. */
export interface Report {
  /** Printed on stdout without --json; no line break at the end. */
  readonly text: string;
  /** Printed on stdout with --json. */
  readonly json: Readonly<Record<string, unknown>>;
}

/** One run of one command. */
export interface Job<Options = unknown> {
  readonly options: Options & CommonOptions;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Where pictures and raw results go (--out). */
  readonly folder: OutputFolder;
  /** A message for people, on stderr; silent with --quiet. */
  note(text: string): void;
  /** A progress bar on stderr; none in a pipe or with --quiet. */
  progress(label: string): Progress;
}

export function createJob<Options>(options: Options & CommonOptions, signal: AbortSignal): Job<Options> {
  const quiet = options.quiet === true;
  return {
    options,
    signal,
    folder: outputFolder(options.out ?? "out", signal),
    note: (text) => void (quiet || process.stderr.write(`${text}\n`)),
    progress: (label) => progressBar(label, process.stderr, !quiet),
  };
}
