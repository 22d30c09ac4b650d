// pellucid models: the networks that can be named instead of a file.

import type { Command } from "commander";
import { pulledFile, type ZooModel, zooModels } from "pellucid";
import type { Report } from "../job.ts";
import { addExamples, addOutputOptions } from "../options.ts";
import type { Run } from "../run.ts";
import { formatBytes, formatTable } from "../table.ts";

/** A network, and where its weights are if they are in the cache. */
interface Entry {
  readonly model: ZooModel;
  readonly top: string | undefined;
  readonly notop: string | undefined;
}

export function addModels(program: Command, run: Run): void {
  const command = program
    .command("models")
    .description("list the known networks, which can be named instead of a model file, and which of them are in the cache");
  addExamples(addOutputOptions(command), "pellucid models", "pellucid models --json | jq -r '.models[] | select(.cached) | .name'").action(run(() => list()));
}

async function list(): Promise<Report> {
  const entries = await Promise.all(zooModels.map(look));
  return { text: describe(entries), json: { models: entries.map(asJson) } };
}

async function look(model: ZooModel): Promise<Entry> {
  const [top, notop] = await Promise.all([true, false].map((includeTop) => pulledFile(model.name, { includeTop })));
  return { model, top: top?.path, notop: notop?.path };
}

function asJson({ model, top, notop }: Entry): Record<string, unknown> {
  const { name, title, size, preset, files } = model;
  const file = (which: "top" | "notop", path: string | undefined) => ({ ...files[which], bytes: bytesOf(files[which]), path: path ?? null });
  return { name, title, size, preset, cached: top !== undefined, top: file("top", top), notop: file("notop", notop) };
}

/** Four bytes a weight; the file has a little more. */
function bytesOf({ parameters }: ZooModel["files"]["top"]): number {
  return 4 * parameters;
}

function describe(entries: readonly Entry[]): string {
  const columns = [
    { title: "network" },
    { title: "pictures", right: true } as const,
    { title: "pixels" },
    { title: "weights", right: true } as const,
    { title: "without top", right: true } as const,
    { title: "cached" },
  ];
  const rows = entries.map(({ model, top, notop }) => {
    const { name, size, preset, files } = model;
    const cached = [...(top ? ["yes"] : []), ...(notop ? ["without top"] : [])].join(", ");
    return [name, `${size}×${size}`, preset, formatBytes(bytesOf(files.top)), formatBytes(bytesOf(files.notop)), cached];
  });
  return formatTable(columns, rows);
}
