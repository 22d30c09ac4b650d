// The progress bar: on terminals only, never wider than the screen.

import { describe, expect, it } from "vitest";
import { barLine, progressBar } from "../../src/cli/progress.ts";

function screen(isTTY: boolean): { isTTY: boolean; columns: number; written: string[]; write(text: string): void } {
  const written: string[] = [];
  return { isTTY, columns: 60, written, write: (text) => void written.push(text) };
}

describe("progressBar", () => {
  it("draws on a terminal, and takes itself off", () => {
    const terminal = screen(true);
    const bar = progressBar("block1", terminal);
    bar.update(1, 2);
    bar.update(2, 2);
    bar.end();
    expect(terminal.written[0]).toContain("50 %");
    expect(terminal.written[1]).toContain("100 %");
    expect(terminal.written.at(-1)).toBe("\r\x1b[2K");
  });

  it.each([
    ["a pipe", screen(false), true],
    ["a terminal with --quiet", screen(true), false],
  ])("writes nothing to %s", (_, target, enabled) => {
    const bar = progressBar("block1", target, enabled);
    bar.update(1, 2);
    bar.end();
    expect(target.written).toEqual([]);
  });
});

describe("barLine", () => {
  it.each([10, 24, 40, 80, 200])("fits %i columns", (columns) => {
    const line = barLine("block3_conv1", 3, 10, 12, columns);
    expect(line.length).toBeLessThan(columns);
  });

  it("says how much is done and how long the rest takes", () => {
    expect(barLine("a", 1, 4, 10, 80)).toMatch(/^a {2}█+░+ {2}25 % {2}30 s left$/);
  });
});
