// Datasets that lie in the file as they are: contiguous ones become a place in it, compact ones bytes.

import { fail } from "../../errors.ts";
import { regionOf, type Weight } from "../../graph/types.ts";
import { checkRange, readExactly, type Source } from "../../source.ts";
import type { DType } from "../../tensor/dtype.ts";
import { cursor } from "../cursor.ts";
import { beyond } from "./beyond.ts";
import { readDataspace } from "./dataspace.ts";
import type { Datatype, ReadDatatype } from "./datatype.ts";
import { MESSAGE, type Message } from "./object-header.ts";
import { failOutside } from "./outside.ts";
import { NOWHERE } from "./signature.ts";
import type { AttributeValue } from "./types.ts";
import { littleEndian } from "./value.ts";

/** Where a dataset's bytes are: in the file, in the header itself, or nowhere. */
type Layout = { readonly offset: number; readonly length: number } | Uint8Array | undefined;

/**
 * The dataset that these messages describe; undefined if they describe none.
 *
 * @param attribute reads an attribute of the same object: h5py notes bfloat16 there
 * @throws {BAD_MODEL} @throws {UNSAFE_PATH}
 */
export async function readDataset(
  source: Source,
  messages: readonly Message[],
  readDatatype: ReadDatatype,
  attribute: (name: string) => Promise<AttributeValue | undefined>,
): Promise<Weight | undefined> {
  const bodyOf = (type: number) => messages.find((message) => message.type === type)?.body;
  const [layoutBody, dataspaceBody] = [bodyOf(MESSAGE.layout), bodyOf(MESSAGE.dataspace)];
  const datatypeMessage = messages.find(({ type }) => type === MESSAGE.datatype);
  if (!layoutBody || !datatypeMessage || !dataspaceBody) return undefined;
  if (bodyOf(MESSAGE.externalFiles)) failOutside();
  if (bodyOf(MESSAGE.filters)) beyond("filters");
  const datatype = await readDatatype(datatypeMessage);
  const dtype = dtypeOf(datatype, datatype.kind === "opaque" ? await attribute("dtype") : undefined);
  const shape = readDataspace(dataspaceBody) ?? [0];
  const length = shape.reduce((n, d) => n * d, datatype.size);
  const data = await readData(source, readLayout(layoutBody), length, datatype);
  return { dtype, shape, data };
}

/**
 * The dtype of a dataset's elements. h5py has no bfloat16: Keras writes it as opaque bytes.
 *
 * @param noted the attribute `dtype`, which `.keras` files have and `.h5` files lack
 * @throws {BAD_MODEL} if they are no numbers
 */
export function dtypeOf(datatype: Datatype, noted: AttributeValue | undefined): DType {
  if (datatype.kind === "number") return datatype.dtype;
  if (datatype.kind === "opaque" && datatype.size === 2 && (noted ?? "bfloat16") === "bfloat16") return "bfloat16";
  return fail("BAD_MODEL", `A dataset of the HDF5 file holds values of the kind "${datatype.kind}", not numbers.`);
}

function readLayout(body: Uint8Array): Layout {
  const fields = cursor(body, "a dataset's layout");
  const version = fields.u8();
  if (version !== 3 && version !== 4) beyond("an early layout");
  const kind = fields.u8();
  if (kind === COMPACT) return fields.bytes(fields.u16());
  if (kind === VIRTUAL) failOutside();
  if (kind !== CONTIGUOUS) beyond("chunks");
  const offset = fields.u64();
  return offset === NOWHERE ? undefined : { offset, length: fields.u64() };
}

const COMPACT = 0;
const CONTIGUOUS = 1;
const VIRTUAL = 3;

async function readData(source: Source, layout: Layout, length: number, datatype: Datatype): Promise<Weight["data"]> {
  if (length === 0) return new Uint8Array();
  if (!layout) return beyond("a dataset that was never written");
  const stored = layout instanceof Uint8Array ? layout.byteLength : layout.length;
  if (stored !== length) {
    fail("BAD_MODEL", `The file is damaged: a dataset of ${length} bytes has ${stored} of them.`, { details: { length, stored } });
  }
  const order = { size: datatype.size, bigEndian: datatype.kind === "number" && datatype.bigEndian };
  if (layout instanceof Uint8Array) return littleEndian(layout, order);
  checkRange(source, layout.offset, length, "a dataset");
  if (!order.bigEndian || order.size === 1) return regionOf(source, layout.offset, length);
  return littleEndian(await readExactly(source, layout.offset, length, "a dataset"), order);
}
