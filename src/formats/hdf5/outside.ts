// The refusal of links and of data that lie elsewhere: a model file must hold its weights itself.

import { fail } from "../../errors.ts";

/** A soft or external link, an external file or a virtual dataset stands where the object itself should. */
export function failOutside(): never {
  return fail("UNSAFE_PATH", "The HDF5 file refers to another file, or to another place in itself, by a link.", {
    hint: "Save the model again with Keras: its own files hold their weights themselves.",
  });
}
