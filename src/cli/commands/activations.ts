// pellucid activations: what every layer and every channel answers to a picture.

import { type Command, Option } from "commander";
import {
  type Activation,
  activations,
  channelGrid,
  drawChannel,
  encodePng,
  formatShape,
  itemAt,
  type Model,
  PellucidError,
  type Tensor,
  toOwnLayout,
  writeNpy,
} from "pellucid";
import { enlarge } from "../enlarge.ts";
import type { Job, Report } from "../job.ts";
import {
  addCommonOptions,
  addExamples,
  addFolderOptions,
  addPictureOptions,
  addTopOption,
  MODEL,
  PICTURE,
  type PictureOptions,
  type RawOptions,
} from "../options.ts";
import { forEachPicture, type ModelPicture } from "../read-picture.ts";
import type { Run } from "../run.ts";
import { silenceOf } from "../silence.ts";
import { formatTable } from "../table.ts";
import { collect, indexList } from "../values.ts";
import { withModel } from "../with-model.ts";

interface Options extends PictureOptions, RawOptions {
  layer?: string[];
  channel?: number[];
}

/** A layer's answer and the files that show it. */
interface Saved {
  readonly picture: ModelPicture;
  readonly activation: Activation;
  readonly files: readonly string[];
}

export function addActivations(program: Command, run: Run): void {
  const command = program
    .command("activations")
    .description("save what layers answer to a picture: all channels as a grid, or single channels")
    .argument("<model>", MODEL)
    .argument("<image...>", PICTURE)
    .option("--layer <glob>", "layers by name, glob or /regular expression/; may be repeated (default: all with height and width)", collect)
    .addOption(new Option("--channel <list>", "single channels instead of all: 0,3,8-15").argParser(indexList));
  addExamples(
    addTopOption(addPictureOptions(addFolderOptions(addCommonOptions(command)))),
    "pellucid activations network.keras cat.jpg",
    "pellucid activations vgg16.h5 cat.jpg --preprocess caffe --layer 'block1_*' --layer block5_conv3",
    "pellucid activations network.keras cat.jpg --layer block1_conv2 --channel 4,7 --npy",
  ).action(run<Options, [string, string[]]>((job, path, images) => withModel(job, path, (model) => saveAll(job, model, path, images))));
}

async function saveAll(job: Job<Options>, model: Model, path: string, images: readonly string[]): Promise<Report> {
  const layer = job.options.layer ?? layersWithPositions(model);
  const saved: Saved[] = [];
  await forEachPicture(job, "activations", model, images, async (picture) => {
    for (const activation of await activations(model, picture.input, { layer, signal: job.signal })) {
      saved.push({ picture, activation, files: await save(job, picture, activation) });
    }
  });
  return { json: { model: path, activations: saved.map(asJson) }, text: describe(saved) };
}

/** Layers that can be drawn as pictures; of those that share a tensor, the first. */
function layersWithPositions(model: Model): string[] {
  const seen = new Set<string>();
  const fresh = ({ output }: { output: string }) => !seen.has(output) && seen.add(output);
  return model.layers.filter((layer) => layer.shape.length === 4 && fresh(layer)).map((layer) => layer.name);
}

async function save(job: Job<Options>, picture: ModelPicture, activation: Activation): Promise<string[]> {
  const { channel } = job.options;
  if (!channel) return saveLayer(job, picture, activation);
  const files: string[] = [];
  for (const index of channel) files.push(...(await saveChannel(job, picture, activation, index)));
  return files;
}

async function saveLayer({ folder, options }: Job<Options>, { stem }: ModelPicture, { layer, tensor }: Activation): Promise<string[]> {
  const name = folder.stem(stem, layer.name);
  const files = [await folder.save(`${name}.png`, encodePng(channelGrid(itemAt(tensor, 0), { title: layer.name })))];
  if (options.npy) files.push(await folder.save(`${name}.npy`, writeNpy(toOwnLayout(layer, tensor))));
  return files;
}

async function saveChannel({ folder, options }: Job<Options>, { stem }: ModelPicture, activation: Activation, index: number): Promise<string[]> {
  const channel = channelOf(activation, index);
  const name = folder.stem(stem, activation.layer.name, `channel${index}`);
  const files = [await folder.save(`${name}.png`, encodePng(enlarge(drawChannel(channel))))];
  if (options.npy) files.push(await folder.save(`${name}.npy`, writeNpy(channel)));
  return files;
}

/** One channel, `[H, W]`. @throws {BAD_ARGUMENT} */
function channelOf({ layer, tensor }: Activation, index: number): Tensor<"float32"> {
  const channels = tensor.shape[1] as number;
  if (tensor.shape.length === 4 && layer.channelAxis === 1 && index < channels) return itemAt(itemAt(tensor, 0), index);
  const shape = formatShape(toOwnLayout(layer, tensor).shape);
  throw new PellucidError("BAD_ARGUMENT", `Layer "${layer.name}" has no channel ${index} that can be drawn: its output has shape ${shape}.`, {
    hint: tensor.shape.length === 4 ? `Its channels are 0 to ${channels - 1}.` : "Choose a layer with height and width, or leave --channel out.",
    details: { layer: layer.name, channel: index, shape: tensor.shape },
  });
}

function asJson({ picture, activation, files }: Saved): Record<string, unknown> {
  const { layer, tensor } = activation;
  return { image: picture.path, layer: layer.name, kind: layer.kind, shape: toOwnLayout(layer, tensor).shape, ...silenceOf(activation), files };
}

function describe(saved: readonly Saved[]): string {
  const columns = [{ title: "picture" }, { title: "layer" }, { title: "output shape" }, { title: "silent channels", right: true } as const, { title: "saved" }];
  const rows = saved.map(({ picture, activation, files }) => {
    const { silent, channels } = silenceOf(activation);
    const shape = formatShape(toOwnLayout(activation.layer, activation.tensor).shape);
    return [picture.path, activation.layer.name, shape, `${silent} of ${channels}`, files.filter((file) => file.endsWith(".png")).join(" ")];
  });
  return formatTable(columns, rows);
}
