// Weights from an HDF5 file, whichever way Keras laid them out.

import { fail } from "../../errors.ts";
import type { SourceFolder } from "../../source.ts";
import type { Hdf5 } from "../hdf5/types.ts";
import type { KerasModel } from "./ir.ts";
import type { KernelStyle } from "./kernels.ts";
import { assignGroups, readGroups } from "./legacy-weights.ts";
import { type Container, readVars } from "./vars-weights.ts";
import type { ModelWeights } from "./weights.ts";

/** The weights of a weights-only file or of a `.keras` archive's HDF5 member. @throws {BAD_MODEL} */
export async function readWeightsFile(file: Hdf5, model: KerasModel, style: KernelStyle, assets?: SourceFolder): Promise<ModelWeights> {
  const groups = await readGroups(file, "");
  if (groups) return assignGroups(model, groups, await styleOf(file, "", style));
  const children = (await file.children("")) ?? [];
  const windows = children.some((name) => name.includes("\\"));
  return readVars(model, (path) => file.dataset(windows ? windowsPath(path) : path), { container: containerOf(children), assets });
}

/** On Windows, Keras up to 3.0 took the path of a layer for one name: `layers\conv2d/vars/0`. */
function windowsPath(path: string): string {
  const end = path.lastIndexOf("/vars/");
  return path.slice(1, end).replaceAll("/", "\\") + path.slice(end);
}

/** Files that were written on Theano say so. */
export async function styleOf(file: Hdf5, root: string, style: KernelStyle): Promise<KernelStyle> {
  return { ...style, theano: style.theano || (await file.attribute(root, "backend")) === "theano" };
}

function containerOf(children: readonly string[]): Container {
  const holds = (container: string) => children.some((name) => name === container || name.startsWith(`${container}\\`));
  if (holds("_layer_checkpoint_dependencies")) return "_layer_checkpoint_dependencies";
  if (holds("layers") || holds("vars")) return "layers";
  return fail("BAD_MODEL", "The HDF5 file holds no weights of a Keras model.", {
    hint: "Pellucid reads what Keras's save() and save_weights() write.",
    details: { groups: children.slice(0, 20) },
  });
}
