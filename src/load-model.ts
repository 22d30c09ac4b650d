// What a model's user named, as a reader of some format found it: a file, a network of the zoo, weights with an architecture.

import { exists, openInput } from "#platform";
import { fail } from "./errors.ts";
import type { LoadedModel } from "./formats/loaded-model.ts";
import { readModel } from "./formats/read-model.ts";
import type { ModelInputSource, Opened } from "./platform/types.ts";
import type { Source } from "./source.ts";
import { findModel, getModel } from "./zoo/models.ts";
import type { ZooOptions } from "./zoo/open-zoo-model.ts";
import type { ZooModel } from "./zoo/zoo-model.ts";

export interface LoadOptions extends ZooOptions {
  /** What weights without an architecture belong to: a network of the zoo by name, or the JSON of `model.to_json()`. */
  readonly architecture?: ModelInputSource;
}

export interface Loaded {
  readonly loaded: LoadedModel;
  /** Height and width of the pictures that the model is meant for, where its input leaves them open. */
  readonly size: readonly [number, number] | undefined;
}

/** A local file wins over a network of the same name. @throws as `openModel` does */
export async function loadModel(input: ModelInputSource, options: LoadOptions): Promise<Loaded> {
  const { architecture, ...zooOptions } = options;
  const zoo = await namedNetwork(input);
  if (zoo && architecture === undefined) return sized(zoo, await (await import("./zoo/open-zoo-model.ts")).openZooModel(zoo, zooOptions));
  const opened = await openInput(input);
  return architecture === undefined ? { loaded: await readModel(opened), size: undefined } : withArchitecture(opened, architecture, options);
}

async function withArchitecture(opened: Opened, architecture: ModelInputSource, { size }: LoadOptions): Promise<Loaded> {
  const zoo = await namedNetwork(architecture);
  if (zoo) return sized(zoo, await (await import("./zoo/open-zoo-model.ts")).openWithWeights(zoo, fileOf(opened), size));
  if (typeof architecture === "string" && !/[./\\]/.test(architecture) && !(await exists(architecture))) getModel(architecture);
  const json = fileOf(await openInput(architecture));
  const { readWithArchitecture } = await import("./formats/keras/read-architecture.ts");
  return { loaded: await readWithArchitecture(json, fileOf(opened), opened.folder), size: undefined };
}

/** The network of the zoo that a name means, unless there is a file of that name. */
async function namedNetwork(input: ModelInputSource): Promise<ZooModel | undefined> {
  const model = typeof input === "string" ? findModel(input) : undefined;
  return model && !(await exists(input as string)) ? model : undefined;
}

function sized({ size }: ZooModel, loaded: LoadedModel): Loaded {
  return { loaded, size: loaded.inputs[0]?.shape.slice(1, 3).includes(null) ? [size, size] : undefined };
}

function fileOf({ source, name }: Opened): Source {
  return (
    source ?? fail("BAD_ARGUMENT", `${name} is a folder, not a file.`, { hint: "Name the file of weights, and the file or network that is its architecture." })
  );
}
