// How a contender talks to main.ts: a task's name a line on stdin, a line of JSON with its time on stdout.

import { createInterface } from "node:readline";

/** Runs one task, gives the first values of its result. */
export type Run = (task: string) => Promise<ArrayLike<number>>;

/** Answers tasks until stdin closes. */
export async function serve(version: string, run: Run): Promise<void> {
  answer({ version });
  for await (const task of createInterface({ input: process.stdin })) {
    const start = performance.now();
    const result = await run(task);
    answer({ ms: performance.now() - start, check: Array.from(result).slice(0, 64) });
  }
}

function answer(message: object): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
