// pellucid demo: all three techniques on the network and the photo that ship with Pellucid, as one page.

import { type Command, Option } from "commander";
import type { DemoOptions } from "../demo/results.ts";
import { runDemo } from "../demo/run-demo.ts";
import { addCommonOptions, addExamples } from "../options.ts";
import type { Run } from "../run.ts";
import { wholeNumber } from "../values.ts";

export function addDemo(program: Command, run: Run): void {
  const command = program
    .command("demo")
    .description("write a page that shows all three techniques on a real photo")
    .option("--out <dir>", "folder for the page and its pictures; made if it is not there", "out/demo")
    .addOption(new Option("--steps <n>", "steps of ascent for each filter").argParser(wholeNumber(0)).default(24));
  addExamples(addCommonOptions(command), "pellucid demo", "pellucid demo --out /tmp/demo").action(run<DemoOptions, []>((job) => runDemo(job)));
}
