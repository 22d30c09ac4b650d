// Where along the network something stands, as a colour of viridis.

import { colormap } from "pellucid";

/** @param depth 0 at the input, 1 at the prediction */
export function depthColour(depth: number): string {
  const table = colormap("viridis");
  // The darkest and the lightest end are hard to see on dark and light paper.
  const at = Math.round(30 + 200 * depth) * 3;
  return `rgb(${table[at]} ${table[at + 1]} ${table[at + 2]})`;
}
