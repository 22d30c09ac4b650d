// pellucid pull: official weights into the user's cache.

import type { Command } from "commander";
import { pull, pulledFile } from "pellucid";
import { downloadProgress } from "../download-progress.ts";
import type { Job, Report } from "../job.ts";
import { addExamples, addOutputOptions, addTopOption, NETWORK } from "../options.ts";
import type { Run } from "../run.ts";
import { formatBytes } from "../table.ts";

interface Options {
  top: boolean;
}

export function addPull(program: Command, run: Run): void {
  const command = program
    .command("pull")
    .description("download the official weights of a known network into the cache (PELLUCID_HOME); a broken download goes on where it stopped")
    .argument("<network>", NETWORK);
  addExamples(addTopOption(addOutputOptions(command)), "pellucid pull vgg16", "pellucid pull mobilenetv2-0.35-96", "pellucid pull vgg16 --no-top").action(
    run<Options, [string]>(pullOne),
  );
}

async function pullOne(job: Job<Options>, name: string): Promise<Report> {
  const includeTop = job.options.top;
  const known = await pulledFile(name, { includeTop });
  const download = downloadProgress(job, name);
  const { path, byteLength } = await pull(name, { includeTop, signal: job.signal, onProgress: download.update }).finally(download.end);
  const text = `${name}  ${formatBytes(byteLength)}  ${path}${known ? "  (was there already)" : ""}`;
  return { text, json: { network: name, top: includeTop, path, bytes: byteLength, downloaded: known === undefined } };
}
