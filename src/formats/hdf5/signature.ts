// The four letters that most structures of HDF5 begin with, and the address that stands for none.

import { fail } from "../../errors.ts";
import { ascii, type Cursor } from "../cursor.ts";

/** All bits set, as a number. */
export const NOWHERE = 2 ** 64;

/** Passes over a structure's signature. @throws {BAD_MODEL} if it is another */
export function expect(head: Cursor, signature: string, address: number): void {
  const found = ascii(head.bytes(4));
  if (found !== signature) {
    fail("BAD_MODEL", `The file is damaged: at byte ${address} there should be "${signature}".`, { details: { address, signature } });
  }
}
