// Structures that many questions meet are read once.

/** The function, called once for each address. */
export function remember<T>(of: (address: number) => Promise<T>): (address: number) => Promise<T> {
  const known = new Map<number, Promise<T>>();
  return (address) => {
    const result = known.get(address) ?? of(address);
    known.set(address, result);
    return result;
  };
}
