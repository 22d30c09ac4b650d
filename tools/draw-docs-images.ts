// Draws the pictures of the README and the guide from the embedded network and a photo: npm run docs:images.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import {
  activations,
  channelGrid,
  decodeImage,
  deprocess,
  drawChannel,
  encodePng,
  filterGrid,
  filters,
  gradCam,
  grid,
  type Image,
  itemAt,
  openModel,
  overlay,
  prepareImage,
  resizeImage,
  type Tensor,
} from "../src/index.ts";

const root = new URL("../", import.meta.url);
const images = new URL("docs/images/", root);

const model = await openModel(new URL("assets/network/cifar10-vgg.keras", root), {
  labels: await readFile(new URL("assets/network/labels.json", root), "utf8"),
});
const photo = await decodeImage(await readFile(new URL("assets/photos/chelsea.png", root)));
const input = await prepareImage(model, photo);

async function save(name: string, image: Image): Promise<void> {
  await writeFile(new URL(`${name}.png`, images), encodePng(image));
}

/** The answer of one layer, `[C, H, W]`. */
async function answerOf(layer: string): Promise<Tensor<"float32">> {
  const [answer] = await activations(model, input, { layer });
  return itemAt((answer as { tensor: Tensor<"float32"> }).tensor, 0);
}

/** Patterns of the filters of a layer that answer most to the ascent's start. */
async function patternsOf(layer: string, count: number): Promise<Image[]> {
  const starts = await filters(model, { layer, size: 104, steps: 0 });
  const answering = starts.sort((a, b) => b.activation - a.activation).map(({ filter }) => filter);
  const patterns = await filters(model, { layer, filters: answering.slice(0, count), size: 104, steps: 40, stepSize: 2 });
  return patterns.map(({ image }) => deprocess(image, { layout: "NHWC", border: 4 }));
}

await mkdir(images, { recursive: true });
const edges = await answerOf("block1_conv2");
const sixteen = Array.from({ length: 16 }, (_, c) => resizeImage(drawChannel(itemAt(edges, c)), 96, 96, "nearest"));
await save("activations", grid(sixteen, { columns: 4, margin: 4 }));
await save("filters", grid(await patternsOf("block4_conv1", 16), { columns: 4, margin: 4 }));
const [heatmap] = await gradCam(model, input, { target: "cat" });
const overlaid = overlay(photo, (heatmap as { map: Tensor<"float32"> }).map);
await save("heatmap", overlaid);

await save("guide-channel", resizeImage(drawChannel(itemAt(edges, 4)), 320, 320, "nearest"));
await save("guide-block1_conv2", channelGrid(edges, { title: "block1_conv2" }));
await save("guide-block5_conv1", channelGrid(await answerOf("block5_conv1"), { title: "block5_conv1", cell: 32 }));
for (const layer of ["block2_conv1", "block3_conv1", "block4_conv1"]) await save(`guide-filters-${layer}`, filterGrid(await patternsOf(layer, 16)));
await save("guide-heatmap", grid([photo, overlaid], { columns: 2, margin: 8 }));
await model.dispose();
