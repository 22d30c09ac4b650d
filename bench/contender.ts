// Starts the contenders, each a process of its own, and asks them for one timed run at a time.

import { type ChildProcess, execFile, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";

export interface Answer {
  readonly ms: number;
  /** First values of the result. */
  readonly check: readonly number[];
}

export interface Contender {
  readonly name: string;
  readonly version: string;
  readonly tasks: readonly string[];
  run(task: string): Promise<Answer>;
  stop(): void;
}

const typescript = ["--import", "tsx", "--conditions=pellucid-source"];

/** Starts a contender; undefined, with a word on stderr, where it is not installed. `node` runs TypeScript. */
export async function start(name: string, command: string, args: readonly string[], tasks: readonly string[]): Promise<Contender | undefined> {
  const child = command === "node" ? spawn(process.execPath, [...typescript, ...args], piped) : spawn(command, args, piped);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const errors = collect(child);
  const next = async () => {
    const { value, done } = await answers.next();
    if (done) throw new Error(`${name} stopped: ${errors()}`);
    return JSON.parse(value) as unknown;
  };
  try {
    const { version } = (await next()) as { version: string };
    return {
      name,
      version,
      tasks,
      run: async (task) => {
        child.stdin.write(`${task}\n`);
        return (await next()) as Answer;
      },
      stop: () => child.stdin.end(),
    };
  } catch (error) {
    console.error(`Without ${name}: ${(error as Error).message.trim().split("\n").at(-1)}`);
    return undefined;
  }
}

const piped = { stdio: ["pipe", "pipe", "pipe"] as ["pipe", "pipe", "pipe"] };

function collect(child: ChildProcess): () => string {
  let text = "";
  child.stderr?.on("data", (chunk) => {
    text = (text + chunk).slice(-4000);
  });
  child.on("error", (error) => {
    text += error.message;
  });
  return () => text;
}

export function describe({ name, version }: Contender): string {
  return version.toLowerCase().startsWith(name.toLowerCase()) ? version : `${name} ${version}`;
}

export interface Opening {
  /** Milliseconds from nothing to a session that is ready to run. */
  readonly opened: number;
  /** Largest resident memory of a process that opens the model and explains one picture, in bytes. */
  readonly peak: number;
}

/** The best of three openings of a model, each in a fresh process. */
export async function memoryOf(path: string): Promise<Opening> {
  const found: Opening[] = [];
  for (let i = 0; i < 3; i++) {
    const { stdout } = await promisify(execFile)(process.execPath, [...typescript, join(import.meta.dirname, "memory.ts"), path]);
    found.push(JSON.parse(stdout) as Opening);
  }
  return { opened: Math.min(...found.map(({ opened }) => opened)), peak: Math.min(...found.map(({ peak }) => peak)) };
}
