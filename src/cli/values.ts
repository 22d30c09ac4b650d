// Option values: text from the command line as numbers, ranges, places. Wrong text is wrong usage.

import { InvalidArgumentError } from "commander";

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least) throw new InvalidArgumentError(`Give a whole number of at least ${least}.`);
    return value;
  };
}

/** A number greater than zero. */
export function positiveNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) throw new InvalidArgumentError("Give a number greater than 0.");
  return value;
}

/** A share, 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 1)) throw new InvalidArgumentError("Give a number from 0 to 1.");
  return value;
}

/** `0,3,8-15` → [0, 3, 8, 9, … 15], each once, in the order given. */
export function indexList(text: string): number[] {
  const indices = text.split(",").flatMap((part) => {
    const match = part.trim().match(/^(\d{1,7})(?:-(\d{1,7}))?$/);
    const first = Number(match?.[1]);
    const last = Number(match?.[2] ?? match?.[1]);
    if (!match || last < first) throw new InvalidArgumentError("Give indices and ranges, from 0: 0,3,8-15.");
    return Array.from({ length: last - first + 1 }, (_, i) => first + i);
  });
  return [...new Set(indices)];
}

/** `224` or `224x320` (height × width) → [height, width]. */
export function pictureSize(text: string): [number, number] {
  const match = text.match(/^(\d{1,5})(?:x(\d{1,5}))?$/);
  const [height, width] = [Number(match?.[1]), Number(match?.[2] ?? match?.[1])];
  if (!match || height < 1 || width < 1) throw new InvalidArgumentError("Give a size in pixels: 224, or height x width: 224x320.");
  return [height, width];
}

/** `OUTPUT:INDEX`, split at the last colon: names may hold colons themselves. */
export function outputAndIndex(text: string): { output: string; index: number } {
  const match = text.match(/^(.+):(\d+)$/);
  if (!match) throw new InvalidArgumentError("Give an output, layer or tensor, and a position in it: predictions:3.");
  return { output: match[1] as string, index: Number(match[2]) };
}

/** For options that may be given several times. */
export function collect(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}
