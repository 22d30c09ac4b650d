// The 1000 classes of ImageNet (ILSVRC 2012) in the order in which networks give them.

import { openAsset } from "#platform";
import { readAll } from "../source.ts";

export interface ImageNetClass {
  /** WordNet's id: `n02504458`. */
  readonly synset: string;
  /** As Keras's `decode_predictions` gives it: `African_elephant`. */
  readonly name: string;
}

let loading: Promise<readonly ImageNetClass[]> | undefined;

/** The classes; 386 is the African elephant. Read when first asked for. */
export function imagenetClasses(): Promise<readonly ImageNetClass[]> {
  loading ??= read();
  return loading;
}

async function read(): Promise<readonly ImageNetClass[]> {
  const text = new TextDecoder().decode(await readAll(await openAsset("imagenet-classes.txt")));
  return text
    .trimEnd()
    .split("\n")
    .map((line) => {
      const [synset, name] = line.split(" ") as [string, string];
      return { synset, name };
    });
}
