// Node: why a file could not be written to the cache.

import { dirname } from "node:path";
import { fail, isPellucidError } from "../errors.ts";

const hints: Readonly<Record<string, string>> = {
  ENOSPC: "The disk is full: free some space, or set PELLUCID_HOME to a folder on another disk.",
  EROFS: "That disk is read-only: set PELLUCID_HOME to a folder that you may write to.",
};

/** @throws {WRITE_FAILED} or the error itself, if Pellucid threw it */
export function failWrite(path: string, cause: unknown): never {
  if (isPellucidError(cause)) throw cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  return fail("WRITE_FAILED", `Nothing can be written to ${dirname(path)} (${message}).`, {
    hint: hints[code ?? ""] ?? "Set PELLUCID_HOME to a folder that you may write to.",
    details: { path, code },
    cause,
  });
}
