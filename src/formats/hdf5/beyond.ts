// How our own reader says that a file is sound as far as it sees, but uses a feature that it leaves to the C library.

const NAME = "BeyondOurHdf5";

/** Leave the question to the library. @param feature in words, for debugging */
export function beyond(feature: string): never {
  const error = new Error(feature);
  error.name = NAME;
  throw error;
}

export function isBeyond(error: unknown): boolean {
  return error instanceof Error && error.name === NAME;
}
