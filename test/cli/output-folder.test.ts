// Saving: whole files or none, safe names, nothing overwritten within a run.

import { mkdir, readdir, readFile, readlink, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { outputFolder, safeName } from "../../src/cli/output-folder.ts";
import { writeWhole } from "../../src/cli/write-file.ts";
import { temporaryFolder } from "./pellucid.ts";

describe("safeName", () => {
  it.each([
    ["block1_conv1", "block1_conv1"],
    ["vgg16/block1_conv1", "vgg16_block1_conv1"],
    ["../../etc/passwd", "etc_passwd"],
    ["..", "result"],
    ["", "result"],
    ["고양이 tabby, cat", "고양이_tabby_cat"],
    [".hidden", "hidden"],
    ["a\0b\nc", "a_b_c"],
    ["x".repeat(300), "x".repeat(80)],
  ])("%j → %j", (name, safe) => expect(safeName(name)).toBe(safe));
});

describe("outputFolder", () => {
  it("gives each result a stem of its own, whatever the case", () => {
    const folder = outputFolder("anywhere");
    expect(["a/b", "a_b", "A_B", "a-b"].map((layer) => folder.stem("cat", layer))).toEqual(["cat-a_b", "cat-a_b-2", "cat-A_B-3", "cat-a-b"]);
  });

  it("makes the folder and saves into it", async () => {
    const path = join(temporaryFolder(), "deep", "er");
    expect(await outputFolder(path).save("x.txt", "text")).toBe(join(path, "x.txt"));
    expect(await readFile(join(path, "x.txt"), "utf8")).toBe("text");
  });

  it("saves nothing once aborted", async () => {
    const path = temporaryFolder();
    await expect(outputFolder(path, AbortSignal.abort()).save("x.txt", "text")).rejects.toMatchObject({ code: "ABORTED" });
    expect(await readdir(path)).toEqual([]);
  });
});

describe("writeWhole", () => {
  it("takes the place of an older file and leaves nothing else", async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, "x"), "old");
    await writeWhole(join(folder, "x"), new Uint8Array([110, 101, 119]));
    expect(await readFile(join(folder, "x"), "utf8")).toBe("new");
    expect(await readdir(folder)).toEqual(["x"]);
  });

  it("leaves no temporary file behind when it fails", async () => {
    const folder = temporaryFolder();
    await mkdir(join(folder, "taken"));
    await expect(writeWhole(join(folder, "taken"), "text")).rejects.toMatchObject({ code: "WRITE_FAILED", details: { path: join(folder, "taken") } });
    expect(await readdir(folder)).toEqual(["taken"]);
  });

  it("writes the file that a link leads to, and the link stays", async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, "real"), "old");
    await symlink("real", join(folder, "link"));
    await writeWhole(join(folder, "link"), "new");
    expect(await readFile(join(folder, "real"), "utf8")).toBe("new");
    expect(await readlink(join(folder, "link"))).toBe("real");
  });

  it("puts no file in the place of a device", async () => {
    const link = join(temporaryFolder(), "null");
    await symlink("/dev/null", link);
    await expect(writeWhole(link, "text")).rejects.toMatchObject({ code: "WRITE_FAILED", hint: "Give the name of a file with --out." });
    expect((await stat("/dev/null")).isCharacterDevice()).toBe(true);
  });

  it.skipIf(process.platform !== "linux")("gives up on a folder that takes no folders", async () => {
    await expect(writeWhole("/proc/nowhere/deep/x", "text")).rejects.toMatchObject({ code: "WRITE_FAILED" });
  });

  it("says that a part of the path is a file", async () => {
    const folder = temporaryFolder();
    await writeFile(join(folder, "file"), "");
    await expect(writeWhole(join(folder, "file", "x.png"), "text")).rejects.toMatchObject({ code: "WRITE_FAILED", hint: expect.stringContaining("is a file") });
  });
});
