// Runs the built command line as a process, as its user does.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll } from "vitest";
import { readNpy, type Tensor } from "../../src/index.ts";

export const root = resolve(import.meta.dirname, "../..");
export const binary = join(root, "bin/pellucid.js");
export const tiny = join(root, "test/reference/cli/tiny.onnx");
export const tensors = join(root, "test/reference/cli/x.npy");
export const photo = join(root, "assets/photos/chelsea.png");

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `pellucid …` to its end. */
export async function pellucid(args: readonly string[], { cwd = root }: { cwd?: string } = {}): Promise<Finished> {
  const child = spawn(process.execPath, [binary, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  const [[code], stdout, stderr] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
  return { code, stdout, stderr };
}

/** Runs a command that must succeed with --json, and reads what it printed. */
export async function pellucidJson<T>(args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await pellucid([...args, "--json"]);
  if (code !== 0) throw new Error(`pellucid ${args.join(" ")} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}

/** A new empty folder, removed after the file's tests. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "pellucid-cli-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A `.npy` file of the reference, or any other. */
export function npy(path: string): Tensor {
  return readNpy(readFileSync(resolve(root, "test/reference/cli", path)));
}

/** The largest absolute difference of two tensors' values. */
export function difference(a: Tensor, b: Tensor): number {
  if (a.data.length !== b.data.length) return Number.POSITIVE_INFINITY;
  return Math.max(...Array.from(a.data as Float32Array, (x, i) => Math.abs(x - (b.data[i] as number))));
}
