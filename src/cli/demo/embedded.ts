// The network and the photos that ship with Pellucid.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { type Model, type OpenOptions, openModel } from "pellucid";

const assets = new URL("../../../assets/", import.meta.url);

/** The embedded network, with its class names. */
export async function openEmbedded(options: OpenOptions): Promise<Model> {
  const labels = await readFile(new URL("network/labels.json", assets), "utf8");
  return openModel(fileURLToPath(new URL("network/cifar10-vgg.keras", assets)), { ...options, labels });
}

/** A photo of assets/photos. */
export function readPhoto(name: string): Promise<Uint8Array> {
  return readFile(new URL(`photos/${name}`, assets));
}
