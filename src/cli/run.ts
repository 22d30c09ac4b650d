// How a command runs: commander's arguments in, one printed report out.

import type { Command } from "commander";
import { createJob, type Job, type Report } from "./job.ts";
import type { CommonOptions } from "./options.ts";

/** Makes a commander action of a command's work. */
export type Run = <Options, Args extends readonly unknown[]>(
  work: (job: Job<Options>, ...args: Args) => Promise<Report>,
) => (...args: [...Args, Options & CommonOptions, Command]) => Promise<void>;

/** @param signal aborted by Ctrl-C */
export function runner(signal: AbortSignal): Run {
  return (work) =>
    async (...all) => {
      const options = all.at(-2) as CommonOptions;
      const { text, json } = await work(createJob(options, signal) as never, ...(all.slice(0, -2) as never));
      process.stdout.write(`${options.json ? JSON.stringify(json, null, 2) : text}\n`);
    };
}
