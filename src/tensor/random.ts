// Seeded random numbers: the same on every machine, and independent streams from one seed.

/** A well mixed 32-bit hash (the constants are Chris Wellons's `triple32`, public domain). */
function mix(x: number): number {
  let h = x;
  h = Math.imul(h ^ (h >>> 17), 0xed5ad4bb);
  h = Math.imul(h ^ (h >>> 11), 0xac4c1b51);
  h = Math.imul(h ^ (h >>> 15), 0x31848bab);
  return (h ^ (h >>> 14)) >>> 0;
}

/** Uniform random numbers in [0, 1): the same for the same seed and stream. */
export function uniform(seed: number, stream = 0): () => number {
  const start = mix(mix(seed) + stream);
  let i = 0;
  return () => mix(start + Math.imul(i++, 0x9e3779b9)) / 2 ** 32;
}
