// Options that are one of a few words.

import { fail } from "../errors.ts";

/** The value itself, if it is one of the choices. @throws {BAD_ARGUMENT} */
export function checkChoice<T extends string>(option: string, value: T, choices: readonly T[]): T {
  if (choices.includes(value)) return value;
  return fail("BAD_ARGUMENT", `The option "${option}" cannot be ${JSON.stringify(value)}.`, {
    hint: `Use one of: ${choices.join(", ")}.`,
    details: { [option]: value, choices },
  });
}
