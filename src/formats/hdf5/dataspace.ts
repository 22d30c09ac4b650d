// Dataspaces: the shape of an attribute or dataset.

import { fail } from "../../errors.ts";
import { cursor } from "../cursor.ts";

const NULL_SPACE = 2;
/** The format's own limit. */
const HIGHEST_RANK = 32;

/** The shape: `[]` for a scalar, undefined for a space without values. @throws {BAD_MODEL} */
export function readDataspace(body: Uint8Array): readonly number[] | undefined {
  const fields = cursor(body, "a dataspace");
  const version = fields.u8();
  const rank = fields.u8();
  fields.skip(1);
  const type = fields.u8();
  if (version === 1) fields.skip(4);
  else if (version !== 2) fail("BAD_MODEL", `The file is damaged: there is no dataspace of version ${version}.`, { details: { version } });
  if (rank > HIGHEST_RANK) fail("BAD_MODEL", `The file is damaged: a dataspace has ${rank} dimensions.`, { details: { rank } });
  if (version === 2 && type === NULL_SPACE) return undefined;
  return Array.from({ length: rank }, () => fields.u64());
}
