// pellucid cam: which parts of a picture spoke for a class.

import { type Command, Option } from "commander";
import {
  type Blend,
  type ColormapName,
  colormapNames,
  drawHeatmap,
  encodePng,
  gradCam,
  type Heatmap,
  type Model,
  overlay,
  resizeMap,
  type ScoreKind,
  writeNpy,
} from "pellucid";
import { type Backdrop, backdropOf } from "../backdrop.ts";
import { enlargement } from "../enlarge.ts";
import type { Job, Report } from "../job.ts";
import { addCommonOptions, addExamples, addFolderOptions, addPictureOptions, MODEL, PICTURE, type PictureOptions, type RawOptions } from "../options.ts";
import { forEachPicture, type ModelPicture } from "../read-picture.ts";
import type { Run } from "../run.ts";
import { formatTable } from "../table.ts";
import { collect, share } from "../values.ts";
import { withModel } from "../with-model.ts";

interface Options extends PictureOptions, RawOptions {
  target?: string[];
  layer?: string;
  score?: ScoreKind;
  strength: number;
  colormap: ColormapName;
  blend: Blend;
}

/** A heatmap and the files that show it. */
interface Saved {
  readonly picture: ModelPicture;
  readonly heatmap: Heatmap;
  readonly files: readonly string[];
}

export function addCam(program: Command, run: Run): void {
  const command = program
    .command("cam")
    .description("save Grad-CAM heatmaps: which parts of a picture spoke for a class")
    .argument("<model>", MODEL)
    .argument("<image...>", PICTURE)
    .option("--target <class>", "class to explain: index or name; may be repeated (default: the top prediction)", collect)
    .option("--layer <name>", "layer that the heatmap is drawn from (default: the last convolution)")
    .addOption(new Option("--score <kind>", "explain what the model gives, or the value before its softmax").choices(["output", "logit"]).default("output"))
    .addOption(new Option("--strength <x>", "how much of the heat lies over the picture, 0 to 1").argParser(share).default(0.4))
    .addOption(new Option("--colormap <name>", "colours of the heat").choices(colormapNames).default("jet"))
    .addOption(new Option("--blend <kind>", "how heat and picture become one").choices(["stretch", "clip", "mix"]).default("stretch"));
  addExamples(
    addPictureOptions(addFolderOptions(addCommonOptions(command))),
    "pellucid cam network.keras cat.jpg",
    'pellucid cam vgg16 elephants.jpg --target "African elephant"',
    "pellucid cam model.onnx photo.jpg --preprocess torch --target 281 --target 243 --npy --out maps",
  ).action(run<Options, [string, string[]]>((job, path, images) => withModel(job, path, (model) => explain(job, model, path, images))));
}

async function explain(job: Job<Options>, model: Model, path: string, images: readonly string[]): Promise<Report> {
  const saved: Saved[] = [];
  await forEachPicture(job, "cam", model, images, async (picture) => void saved.push(...(await explainOne(job, model, picture))));
  for (const { picture, heatmap } of saved) if (heatmap.warning) job.note(`warning: ${picture.path}, ${heatmap.target.label}: ${heatmap.warning}`);
  return { json: { model: path, heatmaps: saved.map(asJson) }, text: describe(saved) };
}

async function explainOne(job: Job<Options>, model: Model, picture: ModelPicture): Promise<Saved[]> {
  const { target, layer, score } = job.options;
  const heatmaps = await gradCam(model, picture.input, { target, layer, score, signal: job.signal });
  const backdrop = backdropOf(model, picture);
  const saved: Saved[] = [];
  for (const heatmap of heatmaps) saved.push({ picture, heatmap, files: await save(job, picture, heatmap, backdrop) });
  return saved;
}

/** Saves the heatmap on its own and over the picture. */
async function save({ folder, options }: Job<Options>, { stem }: ModelPicture, { map, target }: Heatmap, backdrop: Backdrop | undefined): Promise<string[]> {
  const name = folder.stem(stem, "cam", target.label);
  const heatmapName = folder.stem(stem, "cam", target.label, "heatmap");
  const { strength, colormap, blend } = options;
  const heat = drawHeatmap(map, { size: heatmapSize(map.shape as [number, number], backdrop), colormap });
  const files = [await folder.save(`${heatmapName}.png`, encodePng(heat))];
  if (options.npy) files.push(await folder.save(`${heatmapName}.npy`, writeNpy(map)));
  if (!backdrop) return files;
  const { image, window } = backdrop;
  files.unshift(await folder.save(`${name}.png`, encodePng(overlay(image, map, { window, strength, colormap, blend }))));
  if (options.npy) files.push(await folder.save(`${name}.npy`, writeNpy(resizeMap(map, window.height, window.width))));
  return files;
}

/** The size of what the model saw, or the map enlarged by a whole factor. */
function heatmapSize([height, width]: readonly [number, number], backdrop: Backdrop | undefined): [number, number] {
  if (backdrop) return [backdrop.window.height, backdrop.window.width];
  const factor = enlargement(height, width);
  return [height * factor, width * factor];
}

function asJson({ picture, heatmap, files }: Saved): Record<string, unknown> {
  const { target, score, layer, blank, warning, map } = heatmap;
  return { image: picture.path, target, score, layer, blank, warning, map: { shape: map.shape, data: Array.from(map.data) }, files };
}

function describe(saved: readonly Saved[]): string {
  const columns = [{ title: "picture" }, { title: "class" }, { title: "score", right: true } as const, { title: "layer" }, { title: "saved" }];
  const rows = saved.map(({ picture, heatmap, files }) => [
    picture.path,
    heatmap.target.label,
    heatmap.score.toFixed(4),
    heatmap.layer,
    `${files[0] ?? ""}${heatmap.blank ? " (blank)" : ""}`,
  ]);
  return formatTable(columns, rows);
}
