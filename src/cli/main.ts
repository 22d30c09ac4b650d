// The process: arguments in, results on stdout, messages on stderr, an exit code out.

import { CommanderError } from "commander";
import { describeFailure } from "./failure.ts";
import { interruptSignal } from "./interrupt.ts";
import { createProgram } from "./program.ts";

const argv = process.argv.slice(2);

// A reader that closes the pipe early (`| head`) has seen enough: what is still printed is dropped, the work goes on.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

const program = createProgram(interruptSignal());
try {
  await program.parseAsync(argv, { from: "user" });
} catch (error) {
  process.exitCode = error instanceof CommanderError && error.exitCode === 0 ? 0 : report(error);
}

/** Tells of the error; returns the exit code. */
function report(error: unknown): number {
  // Commander has shown the help already where no command was given.
  if (error instanceof CommanderError && error.code === "commander.help") return 2;
  const command = program.commands.find((each) => argv.includes(each.name()));
  const { exitCode, text, json } = describeFailure(error, command ? `pellucid ${command.name()}` : "pellucid", argv.includes("--debug"));
  process.stderr.write(`${text}\n`);
  if (argv.includes("--json")) process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  return exitCode;
}
