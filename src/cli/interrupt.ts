// Ctrl-C: the first asks the work to stop at the next safe point, the second stops at once.

import { INTERRUPTED } from "./failure.ts";

/** A signal that SIGINT and SIGTERM abort. */
export function interruptSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  return controller.signal;
}
