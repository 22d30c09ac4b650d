// pellucid studio: the web app, served on this machine only.

import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { type Command, Option } from "commander";
import { fail } from "pellucid";
import type { Job, Report } from "../job.ts";
import { openBrowser } from "../open-browser.ts";
import { addExamples } from "../options.ts";
import type { Run } from "../run.ts";
import { serveFolder } from "../serve-folder.ts";
import { wholeNumber } from "../values.ts";

interface Options {
  port: number;
  open: boolean;
}

/** Beside the compiled command line, where the build puts it. */
const folder = fileURLToPath(new URL("../../studio/", import.meta.url));

export function addStudio(program: Command, run: Run): void {
  const command = program
    .command("studio")
    .description("look inside a network in the browser, served on this machine only")
    .addOption(new Option("--port <n>", "port on 127.0.0.1; 0 takes any that is free").argParser(wholeNumber(0)).default(0, "any free port"))
    .option("--no-open", "do not open the browser")
    .option("--json", "print the result as JSON on stdout, and nothing else there")
    .option("--quiet", "print no messages")
    .option("--debug", "print stack traces of errors");
  addExamples(command, "pellucid studio", "pellucid studio --port 8080 --no-open").action(run<Options, []>(serve));
}

/** Serves until Ctrl-C. */
async function serve({ options, signal, note }: Job<Options>): Promise<Report> {
  if (!existsSync(folder)) fail("MISSING_FILE", "The studio is not built.", { hint: "Run npm run build in the clone.", details: { folder } });
  const { url, close } = await serveFolder(folder, { port: options.port });
  note(`The studio is at ${url} (Ctrl-C ends it).`);
  if (options.open) openBrowser(url);
  await new Promise<void>((resolve) => (signal.aborted ? resolve() : signal.addEventListener("abort", () => resolve(), { once: true })));
  await close();
  return { text: "The studio is closed.", json: { url } };
}
