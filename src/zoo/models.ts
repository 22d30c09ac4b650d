// Known networks by name.

import { fail } from "../errors.ts";
import { nearest } from "../glob.ts";
import { table } from "./table.ts";
import type { ZooModel } from "./zoo-model.ts";

/** All networks whose architecture and official weights Pellucid knows, in Keras's families. */
export const zooModels: readonly ZooModel[] = table;

const byName = new Map(zooModels.map((model) => [plain(model.name), model]));

/** Names without a variant stand for the usual one. */
const usual: Readonly<Record<string, string>> = {
  mobilenet: "mobilenet-1.0-224",
  mobilenetv1: "mobilenet-1.0-224",
  mobilenetv2: "mobilenetv2-1.0-224",
  mobilenetv3: "mobilenetv3large-1.0",
  mobilenetv3small: "mobilenetv3small-1.0",
  mobilenetv3large: "mobilenetv3large-1.0",
};

/** The network of this name, however it is spelled: `vgg16`, `VGG16`, `inception_v3`, `mobilenet-v2`. */
export function findModel(name: string): ZooModel | undefined {
  const key = plain(name);
  return byName.get(plain(usual[key] ?? key));
}

/** The network of this name. @throws {BAD_ARGUMENT} with the nearest names */
export function getModel(name: string): ZooModel {
  const found = findModel(name);
  if (found) return found;
  const near = nearest(name, [...Object.keys(usual), ...zooModels.map((model) => model.name)]);
  return fail("BAD_ARGUMENT", `There is no network "${name}" in the zoo.`, { hint: `Nearest: ${near.join(", ")}.`, details: { name } });
}

function plain(name: string): string {
  return name.toLowerCase().replace(/[\s_-]/g, "");
}
