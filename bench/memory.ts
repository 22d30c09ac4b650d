// A process of its own that opens a model, explains it once and tells what that took.

import { float32, gradCam, openModel } from "pellucid";
import { image } from "./vgg16.ts";

const [path] = process.argv.slice(2) as [string];
const start = performance.now();
const model = await openModel(path, { preprocess: "raw" });
const at = model.at();
const session = await model.session("forward", () => at.graph);
const opened = performance.now() - start;
session.release();
await model.dispose();
const layout = model.input.layout === "NHWC" ? [1, 224, 224, 3] : [1, 3, 224, 224];
await gradCam(model, float32(layout, image(1, 224)), { target: 386, layer: "block5_conv3" });
console.log(JSON.stringify({ opened, peak: process.resourceUsage().maxRSS * 1024 }));
