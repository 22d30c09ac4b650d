// Opens the model that a command works on, and closes it when the work is done or has failed.

import { checkAborted, type Model, openModel } from "pellucid";
import { downloadProgress } from "./download-progress.ts";
import type { Job, Report } from "./job.ts";
import type { PictureOptions } from "./options.ts";
import { readWhole } from "./read-whole.ts";

export async function withModel<Options extends PictureOptions>(job: Job<Options>, path: string, work: (model: Model) => Promise<Report>): Promise<Report> {
  const { preprocess, resize, inputSize, labels, device, threads, architecture, top } = job.options;
  const names = labels === undefined ? undefined : new TextDecoder().decode(await readWhole(labels));
  const download = downloadProgress(job, path);
  const model = await openModel(path, {
    ...{ preprocess, resize, size: inputSize, labels: names, device, threads, architecture },
    includeTop: top !== false,
    signal: job.signal,
    onProgress: download.update,
  }).finally(download.end);
  try {
    checkAborted(job.signal);
    return await work(model);
  } finally {
    await model.dispose();
  }
}
