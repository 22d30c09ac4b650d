// Text as HDF5 stores it: UTF-8 (whatever the declared character set says), ended or padded in three ways.

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** What ends or fills up a string of fixed size. */
export const paddings = ["terminated", "nulls", "spaces"] as const;

/** Bytes up to the first NUL, or all. */
export function nullTerminated(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/** A string of fixed size without what fills it up. The library h5wasm says spaces and writes NULs. */
export function fixedString(bytes: Uint8Array, padding: (typeof paddings)[number]): string {
  if (padding === "terminated") return nullTerminated(bytes);
  const fills = padding === "spaces" ? [0x20, 0] : [0];
  let end = bytes.byteLength;
  while (end > 0 && fills.includes(bytes[end - 1] as number)) end--;
  return decoder.decode(bytes.subarray(0, end));
}
