// Tells that weights are downloaded: a note when the first bytes come, then a bar.

import type { Job } from "./job.ts";
import { formatBytes } from "./table.ts";

export interface DownloadProgress {
  update(progress: { done: number; total: number | undefined }): void;
  end(): void;
}

/** @param name the network whose weights are missing */
export function downloadProgress({ note, progress }: Job, name: string): DownloadProgress {
  let bar: ReturnType<Job["progress"]> | undefined;
  return {
    update({ done, total }) {
      if (!bar) note(`The weights of ${name} are not in the cache: downloading ${total === undefined ? "them" : formatBytes(total)}.`);
      bar ??= progress(name);
      if (total !== undefined) bar.update(done, total);
    },
    end: () => bar?.end(),
  };
}
