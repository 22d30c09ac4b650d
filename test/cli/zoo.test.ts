// Known networks on the command line: listed, pulled from a server on this machine, and named instead of a file.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, it, vi } from "vitest";
import { referenceBytes } from "../reference-files.ts";
import { type FileServer, send, serve } from "../zoo/server.ts";
import { pellucid, pellucidJson, photo, temporaryFolder } from "./pellucid.ts";

const weights = new Uint8Array(gunzipSync(referenceBytes("zoo/mobilenet.h5.gz")));
const name = "mobilenet-0.25-128";
const fileName = "mobilenet_2_5_128_tf_no_top.h5";
const home = temporaryFolder();

let server: FileServer | undefined;

afterEach(async () => {
  vi.unstubAllEnvs();
  await server?.close();
  server = undefined;
});

/** A cache of its own, and a mirror that has this file for every name. */
async function mirror(cache: string, file = weights): Promise<FileServer> {
  server = await serve((_, incoming, outgoing) => send(file, incoming, outgoing));
  vi.stubEnv("PELLUCID_HOME", cache);
  vi.stubEnv("PELLUCID_MIRROR", server.url);
  return server;
}

describe("models", () => {
  it("lists names, sizes, presets and what is cached", async () => {
    await mirror(temporaryFolder());
    const { code, stdout } = await pellucid(["models"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^vgg16 +224×224 +caffe +553 MB +59 MB$/m);
    expect(stdout).toMatch(/^efficientnetb7 +600×600 +raw +267 MB +256 MB$/m);
  });
});

describe("pull", () => {
  it("downloads once, and then says that the file is there", async () => {
    const { requests } = await mirror(home);
    const first = await pellucidJson<{ path: string; bytes: number; downloaded: boolean }>(["pull", name, "--no-top"]);
    expect(first).toEqual({ network: name, top: false, path: join(home, "models", fileName), bytes: weights.length, downloaded: true });
    expect(requests.map(({ url }) => url)).toEqual([`/tensorflow/keras-applications/mobilenet/${fileName}`]);
    const again = await pellucid(["pull", "MobileNet-0.25-128", "--no-top"]);
    expect(again).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("was there already") });
    const { models } = await pellucidJson<{ models: { name: string; cached: boolean; notop: { path: string | null } }[] }>(["models"]);
    expect(models.find((model) => model.name === name)).toMatchObject({ cached: false, notop: { path: first.path } });
  });

  it("keeps no file that is not the official one", async () => {
    const cache = temporaryFolder();
    await mirror(cache);
    const { code, stderr } = await pellucid(["pull", "vgg16"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: .* is not the official vgg16_weights_tf_dim_ordering_tf_kernels\.h5: its hash is [0-9a-f]{32}, not 64373286793e3c8b2b4e3219cbf3544b\.$/m,
    );
    expect(existsSync(join(cache, "models", "vgg16_weights_tf_dim_ordering_tf_kernels.h5"))).toBe(false);
  });

  it("keeps nothing that is no file of weights, where Keras names no hash", async () => {
    const cache = temporaryFolder();
    await mirror(cache, new TextEncoder().encode("<html>Please log in</html>"));
    expect(await pellucid(["pull", name, "--json"])).toMatchObject({ code: 1, stdout: expect.stringContaining("BAD_DOWNLOAD") });
    await mirror(cache, weights.subarray(0, weights.length - 1000));
    expect(await pellucid(["pull", name, "--json"])).toMatchObject({ code: 1, stdout: expect.stringContaining("BAD_DOWNLOAD") });
    expect(existsSync(join(cache, "models", "mobilenet_2_5_128_tf.h5"))).toBe(false);
  });

  it("names the networks most like one that is not there", async () => {
    const { code, stderr } = await pellucid(["pull", "vgg61"]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^hint: Nearest: .*vgg16/m);
  });
});

describe("a network's name instead of a file", () => {
  it("pulls what is missing, with a notice", async () => {
    await mirror(temporaryFolder());
    const args = ["activations", name, photo, "--no-top", "--layer", "conv1_relu", "--out", temporaryFolder()];
    const { code, stdout, stderr } = await pellucid(args);
    expect(stderr).toContain(`The weights of ${name} are not in the cache: downloading 1`);
    expect([code, stdout]).toEqual([0, expect.stringContaining("conv1_relu")]);
    expect((await pellucid(args)).stderr).not.toContain("downloading");
  });

  it("is a file's, where there is one", async () => {
    await mirror(temporaryFolder());
    const folder = temporaryFolder();
    writeFileSync(join(folder, "vgg16"), "no model");
    expect(await pellucid(["summary", "vgg16"], { cwd: folder })).toMatchObject({ code: 1, stderr: expect.stringContaining("no model that Pellucid reads") });
    expect(server?.requests).toEqual([]);
  });

  it("gives weights of one's own an architecture", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "mine"));
    writeFileSync(join(folder, "mine", "weights.h5"), weights);
    const summary = ["summary", "mine/weights.h5", "--architecture", name, "--input-size", "32"];
    const { code, stdout } = await pellucid(summary, { cwd: folder });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^predictions +Activation +\[\?, 10\] +0$/m);
    expect(stdout).toMatch(/^parameters +221,114$/m);
  });
});
