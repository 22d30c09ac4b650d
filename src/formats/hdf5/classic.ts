// Our own reader of the HDF5 that Keras writes: superblock 0, old-style groups, contiguous datasets. It reads metadata only.

import type { Source } from "../../source.ts";
import { readAttribute } from "./attribute.ts";
import { beyond } from "./beyond.ts";
import { readDataset } from "./dataset.ts";
import { readGlobalHeap } from "./global-heap.ts";
import { type Link, readLinks } from "./group.ts";
import { MESSAGE, type Message, readMessages } from "./object-header.ts";
import { failOutside } from "./outside.ts";
import { readPages } from "./pages.ts";
import { readRoot } from "./superblock.ts";
import type { AttributeValue, Hdf5 } from "./types.ts";

/** The file as Keras writes them; every method leaves what is beyond that to the library, see `beyond`. */
export function openClassic(source: Source): Hdf5 {
  const read = readPages(source);
  const heap = readGlobalHeap(read);
  const root = remember(async () => readRoot(read));
  const messagesAt = remember((address: number) => readMessages(read, address));
  const linksAt = remember(async (address: number) => linksOf(await messagesAt(address)));

  async function linksOf(messages: readonly Message[]): Promise<ReadonlyMap<string, Link> | undefined> {
    if (messages.some(({ type }) => type === MESSAGE.link || type === MESSAGE.linkInfo)) beyond("a new-style group");
    return readLinks(read, messages);
  }

  async function find(path: string): Promise<number | undefined> {
    let address = await root(0);
    for (const name of path.split("/").filter(Boolean)) {
      const link = (await linksAt(address))?.get(name);
      if (link === undefined) return undefined;
      if (link === "soft") return failOutside();
      address = link;
    }
    return address;
  }

  async function attributeOf(messages: readonly Message[], name: string): Promise<AttributeValue | undefined> {
    for (const { type, body } of messages) {
      if (type === MESSAGE.attributeInfo) beyond("dense attributes");
      const value = type === MESSAGE.attribute ? await readAttribute(body, name, heap) : undefined;
      if (value !== undefined) return value;
    }
    return undefined;
  }

  return {
    async attribute(path, name) {
      const address = await find(path);
      return address === undefined ? undefined : attributeOf(await messagesAt(address), name);
    },
    async children(path) {
      const address = await find(path);
      const links = address === undefined ? undefined : await linksAt(address);
      return links && [...links.keys()];
    },
    async dataset(path) {
      const address = await find(path);
      if (address === undefined) return undefined;
      const messages = await messagesAt(address);
      return readDataset(source, messages, (name) => attributeOf(messages, name));
    },
  };
}

/** The function, called once for each address. */
function remember<T>(of: (address: number) => Promise<T>): (address: number) => Promise<T> {
  const known = new Map<number, Promise<T>>();
  return (address) => {
    const result = known.get(address) ?? of(address);
    known.set(address, result);
    return result;
  };
}
