// A known network: what it is called, how pictures go in, and where its official weights are.

import type { PresetName } from "../image/preprocess.ts";
import type { Architecture } from "./architecture.ts";

/** An official file of weights. */
export interface WeightsFile {
  /** Its name in the cache. */
  readonly name: string;
  readonly url: string;
  /** MD5 or SHA-256 in hexadecimal, as Keras knows it; undefined where Keras names none. */
  readonly hash: string | undefined;
  /** Number of weights; the file has four bytes for each, and a little more. */
  readonly parameters: number;
}

export interface ZooModel {
  /** `vgg16`, `mobilenetv2-0.35-96`. */
  readonly name: string;
  /** Keras's function: `VGG16`. */
  readonly title: string;
  /** Height and width of the pictures that it was trained with. */
  readonly size: number;
  /** `raw` where the network itself rescales. */
  readonly preset: PresetName;
  readonly architecture: Architecture;
  /** Whether Keras fixes the input's size without the top, too. */
  readonly fixedSize: boolean;
  readonly files: { readonly top: WeightsFile; readonly notop: WeightsFile };
}

type Pair<T> = readonly [top: T, notop: T];

/** Where a family's files are, and what they are called. */
export interface Place {
  /** Folder below Google's `tensorflow/keras-applications`, or an absolute path. */
  readonly folder: string;
  readonly preset: PresetName;
  readonly fixedSize?: true;
  fileNames(stem: string): Pair<string>;
}

const HOST = "https://storage.googleapis.com/";

/** A row of the table as a model. */
export function known(title: string, place: Place, { name = title.toLowerCase(), stem = name, size = 224, architecture, hashes, parameters }: Row): ZooModel {
  const folder = place.folder.startsWith("/") ? place.folder.slice(1) : `tensorflow/keras-applications/${place.folder}/`;
  const names = place.fileNames(stem);
  const file = (i: 0 | 1): WeightsFile => ({ name: names[i], url: `${HOST}${folder}${names[i]}`, hash: hashes?.[i], parameters: parameters[i] });
  return { name, title, size, preset: place.preset, architecture, fixedSize: place.fixedSize === true, files: { top: file(0), notop: file(1) } };
}

export interface Row {
  /** Default: the title in lower case. */
  readonly name?: string;
  /** What the file's name begins with. Default: the name. */
  readonly stem?: string;
  /** Default: 224. */
  readonly size?: number;
  readonly architecture: Architecture;
  readonly hashes?: Pair<string>;
  readonly parameters: Pair<number>;
}
