// Errors as the user sees them: one line on what and where, one on what to do next, and an exit code.

import { CommanderError } from "commander";
import { isPellucidError } from "pellucid";

export interface Failure {
  /** 1 for an error, 2 for wrong usage, 130 for Ctrl-C. */
  readonly exitCode: number;
  /** For stderr. */
  readonly text: string;
  /** For stdout with --json. */
  readonly json: { readonly error: { code: string; message: string; hint?: string; details?: unknown } };
}

/** Exit code of a program that Ctrl-C stopped. */
export const INTERRUPTED = 130;

/** What to tell of an error. @param debug with the stack traces of the error and its causes */
export function describeFailure(error: unknown, commandName: string, debug: boolean): Failure {
  const { exitCode, code, message, hint, details } = facts(error, commandName);
  const lines = [`error: ${message}`, ...(hint ? [`hint: ${hint}`] : []), ...(debug ? stackTraces(error) : [])];
  return { exitCode, text: lines.join("\n"), json: { error: { code, message, hint, details } } };
}

function facts(error: unknown, commandName: string): { exitCode: number; code: string; message: string; hint?: string; details?: unknown } {
  if (error instanceof CommanderError) {
    const message = oneLine(error.message.replace(/^error: /, ""));
    return { exitCode: 2, code: "USAGE", message, hint: `See: ${commandName} --help` };
  }
  if (isPellucidError(error)) {
    const { code, hint, details } = error;
    return { exitCode: exitCodes[code] ?? 1, code, message: oneLine(error.message), hint, details };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    exitCode: 1,
    code: "INTERNAL",
    message: oneLine(message),
    hint: "This is a bug in Pellucid. Run the command again with --debug and report what it prints.",
  };
}

const exitCodes: Readonly<Record<string, number>> = { ABORTED: INTERRUPTED };

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, " ").trim();
}

function stackTraces(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = error.stack ?? String(error);
  return error.cause === undefined ? [own] : [own, "caused by:", ...(error.cause instanceof Error ? stackTraces(error.cause) : [String(error.cause)])];
}
