// The demo: one page with its pictures beside it, all of them there, nothing from elsewhere.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { decodeImage } from "../../src/index.ts";
import { type Finished, pellucid, temporaryFolder } from "./pellucid.ts";

const out = join(temporaryFolder(), "demo");
let run: Finished;
let page: string;

beforeAll(async () => {
  run = await pellucid(["demo", "--steps", "1", "--out", out]);
  page = readFileSync(join(out, "index.html"), "utf8");
}, 120_000);

/** Values of an attribute in the page. */
function values(attribute: string): string[] {
  return [...page.matchAll(new RegExp(` ${attribute}="([^"]*)"`, "g"))].map((match) => match[1] as string);
}

describe("pellucid demo", () => {
  it("ends with 0 and says where the page is", () => {
    expect(run.code).toBe(0);
    expect(run.stdout).toContain(join(out, "index.html"));
  });

  it("shows every picture that it saved, at its true size", async () => {
    const pictures = [...page.matchAll(/<img src="([^"]+)" width="(\d+)" height="(\d+)"/g)];
    const saved = readdirSync(out).filter((file) => file !== "index.html");
    expect(new Set(pictures.map(([, file]) => file))).toEqual(new Set(saved));
    for (const [, file, width, height] of pictures) {
      const image = await decodeImage(readFileSync(join(out, file as string)));
      expect([file, String(image.width), String(image.height)]).toEqual([file, width, height]);
    }
  });

  it("needs nothing from elsewhere: no scripts, no absolute addresses", () => {
    expect(page).not.toMatch(/<script|<link|@import|url\(/);
    for (const address of [...values("src"), ...values("href")]) expect(address).toMatch(/^[\w.-]+\.png$/);
  });

  it("tells all three techniques, with a description for every picture", () => {
    expect([...page.matchAll(/<h2>/g)]).toHaveLength(4);
    for (const layer of ["block1_conv1", "block5_conv1"]) expect(page).toContain(`filters-${layer}.png`);
    expect([...page.matchAll(/src="overlay-/g)]).toHaveLength(3);
    for (const text of values("alt")) expect(text.length).toBeGreaterThan(5);
  });

  it("knows the cat", () => {
    expect(page).toMatch(/It says <b>cat<\/b>/);
  });
});
