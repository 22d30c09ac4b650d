// The embedded Keras network from the command line: everything in the model's own layout, channels last.

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { float32, writeNpy } from "../../src/index.ts";
import { npy, pellucid, pellucidJson, photo, root, temporaryFolder } from "./pellucid.ts";

const network = join(root, "assets/network/cifar10-vgg.keras");
const labels = ["--labels", join(root, "assets/network/labels.json")];

describe("the embedded network", () => {
  it("sees the cat, without being told how pixels are scaled", async () => {
    const { predictions } = await pellucidJson<{ predictions: { classes: { label: string }[] }[] }>(["predict", network, photo, ...labels]);
    expect(predictions[0]?.classes[0]?.label).toBe("cat");
  });

  it("has Keras's layers and shapes", async () => {
    const { format, producer, parameters, layers } = await pellucidJson<{
      format: string;
      producer: string;
      parameters: number;
      layers: { name: string; kind: string; shape: unknown }[];
    }>(["summary", network]);
    expect([format, producer.startsWith("Keras 3"), parameters]).toEqual(["keras", true, 925_530]);
    expect(layers.find(({ name }) => name === "block3_conv1")).toMatchObject({ kind: "Conv2D", shape: [null, 16, 16, 96] });
    expect(layers.at(-1)).toMatchObject({ name: "predictions", kind: "Dense", shape: [null, 10] });
  });

  it("gives raw activations, patterns and gradients channels last", async () => {
    const out = temporaryFolder();
    await pellucidJson(["activations", network, photo, "--layer", "block2_conv1", "--npy", "--out", out]);
    expect(npy(join(out, "chelsea-block2_conv1.npy")).shape).toEqual([1, 32, 32, 48]);
    await pellucidJson(["filters", network, "--layer", "block1_conv2", "--filter", "0,1", "--steps", "1", "--size", "40x48", "--npy", "--out", out]);
    expect(npy(join(out, "block1_conv2-filters.npy")).shape).toEqual([2, 40, 48, 3]);
    await pellucidJson(["gradient", network, "--input", photo, "--of", "predictions:3", "--out", join(out, "g.npy")]);
    expect(npy(join(out, "g.npy")).shape).toEqual([1, 64, 64, 3]);
    await pellucidJson(["gradient", network, "--input", photo, "--of", "predictions:3", "--wrt", "block4_conv1", "--out", join(out, "h.npy")]);
    expect(npy(join(out, "h.npy")).shape).toEqual([1, 8, 8, 160]);
  });

  it("takes an input tensor as it is, with or without its batch axis", async () => {
    const folder = temporaryFolder();
    const grey = new Float32Array(64 * 64 * 3).fill(127.5);
    writeFileSync(join(folder, "with.npy"), writeNpy(float32([1, 64, 64, 3], grey)));
    writeFileSync(join(folder, "without.npy"), writeNpy(float32([64, 64, 3], grey)));
    const { predictions } = await pellucidJson<{ predictions: { classes: unknown }[] }>([
      ...["predict", network, join(folder, "with.npy"), join(folder, "without.npy"), ...labels],
    ]);
    expect(predictions[0]?.classes).toEqual(predictions[1]?.classes);
  });

  it("finds a class by name, and says which names there are", async () => {
    const found = await pellucidJson<{ heatmaps: { target: unknown; layer: string; blank: boolean }[] }>([
      ...["cam", network, photo, ...labels, "--target", "cat", "--out", temporaryFolder()],
    ]);
    expect(found.heatmaps).toMatchObject([{ target: { index: 3, label: "cat" }, layer: "block5_conv1", blank: false }]);
    const { code, stderr } = await pellucid(["cam", network, photo, ...labels, "--target", "tiger", "--out", temporaryFolder()]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("airplane; automobile; bird")]);
  });
});
