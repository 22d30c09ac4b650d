// The 1000 classes of ImageNet (ILSVRC 2012) in the order in which networks give them.

import { openAsset } from "#platform";
import { readAll } from "../source.ts";

export interface ImageNetClass {
  /** WordNet's id: `n02504458`. */
  readonly synset: string;
  /** As Keras's `decode_predictions` gives it: `African_elephant`. */
  readonly name: string;
}

const COUNT = 1000;

let loading: Promise<readonly ImageNetClass[]> | undefined;

/** The classes; 386 is the African elephant. Read when first asked for. */
export function imagenetClasses(): Promise<readonly ImageNetClass[]> {
  loading ??= read();
  return loading;
}

/** WordNet's ids for class names, if they are ImageNet's in ImageNet's order; nine in ten must be spelled as Keras or ImageNet spells them. */
export async function synsetsOf(labels: readonly string[] | undefined): Promise<readonly string[] | undefined> {
  if (labels?.length !== COUNT) return undefined;
  const classes = await imagenetClasses();
  const same = classes.filter(({ name }, i) => plain(labels[i] as string) === plain(name));
  return same.length >= 0.9 * COUNT ? classes.map(({ synset }) => synset) : undefined;
}

/** `African elephant, Loxodonta africana` is Keras's `African_elephant`. */
function plain(name: string): string {
  return (name.split(",")[0] as string).trim().toLowerCase().replaceAll(" ", "_");
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
