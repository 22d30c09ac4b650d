// Our own reader of HDF5: superblocks, groups and object headers of every version, and datasets that are not in chunks. It
// reads what describes the file, never the weights.

import { fail } from "../../errors.ts";
import type { Source } from "../../source.ts";
import { readAttribute } from "./attribute.ts";
import { readDataset } from "./dataset.ts";
import { committedAt, type ReadDatatype, readDatatype } from "./datatype.ts";
import { readDense } from "./dense.ts";
import { readGlobalHeap } from "./global-heap.ts";
import { readLinks } from "./links.ts";
import { MESSAGE, readMessages } from "./object-header.ts";
import { failOutside } from "./outside.ts";
import { readPages } from "./pages.ts";
import { remember } from "./remember.ts";
import { readRoot } from "./superblock.ts";
import type { AttributeValue, Hdf5 } from "./types.ts";

/** Messages of all objects together; a file of ten thousand weights has a tenth of them. */
const MOST_MESSAGES = 1_000_000;

/** The file; every method leaves what this reader does not know to the library, see `beyond`. */
export function openByOffset(source: Source): Hdf5 {
  const read = readPages(source);
  const heap = readGlobalHeap(read);
  let messageCount = 0;
  const root = remember(() => readRoot(read));
  const messagesAt = remember(async (address) => {
    const messages = await readMessages(read, address);
    messageCount += messages.length;
    if (messageCount > MOST_MESSAGES) fail("BAD_MODEL", `${source.name} is damaged: its objects have too many properties.`, { details: { messageCount } });
    return messages;
  });
  const linksAt = remember(async (address) => readLinks(read, await messagesAt(address)));
  const attributesAt = remember(async (address) => {
    const messages = await messagesAt(address);
    const own = messages.filter(({ type }) => type === MESSAGE.attribute).map(({ body }) => body);
    const info = messages.find(({ type }) => type === MESSAGE.attributeInfo);
    return info ? [...own, ...(await readDense(read, info.body, "attributes"))] : own;
  });

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

  const datatype: ReadDatatype = async ({ body, shared }) => {
    if (!shared) return readDatatype(body);
    const committed = (await messagesAt(committedAt(body))).find(({ type }) => type === MESSAGE.datatype);
    return committed && !committed.shared ? readDatatype(committed.body) : fail("BAD_MODEL", "The file is damaged: a datatype is not where it should be.");
  };

  async function attributeOf(address: number, name: string): Promise<AttributeValue | undefined> {
    for (const message of await attributesAt(address)) {
      const value = await readAttribute(message, name, { heap, datatype });
      if (value !== undefined) return value;
    }
    return undefined;
  }

  return {
    async attribute(path, name) {
      const address = await find(path);
      return address === undefined ? undefined : attributeOf(address, name);
    },
    async children(path) {
      const address = await find(path);
      const links = address === undefined ? undefined : await linksAt(address);
      return links && [...links.keys()];
    },
    async dataset(path) {
      const address = await find(path);
      return address === undefined ? undefined : readDataset(source, await messagesAt(address), datatype, (name) => attributeOf(address, name));
    },
  };
}
