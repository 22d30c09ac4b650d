// Measures Pellucid against ONNX Runtime's plain forward pass, PyTorch and TensorFlow.js in one interleaved run, and prints ratios.
//
//   npm run bench -- [--rounds 12] [--slow-rounds 5] [--json]
//
// Contenders that are not installed are named and left out. PYTHON names the interpreter that has torch (default: python3).

import { existsSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Contender, describe, memoryOf, start } from "./contender.ts";
import { writeKerasH5 } from "./keras-h5.ts";
import { asTable, type Measurement, report } from "./report.ts";
import { randomVgg16, vgg16Graph, writeFlat, writeOnnx } from "./vgg16.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "12" }, "slow-rounds": { type: "string", default: "5" }, json: { type: "boolean", default: false } },
});
const folder = join(tmpdir(), "pellucid-bench");
const files = { onnx: join(folder, "vgg16.onnx"), h5: join(folder, "vgg16.h5"), flat: join(folder, "vgg16.bin") };

await makeFiles();
const contenders = await startAll();
const times = await measure(contenders, Number(values.rounds), Number(values["slow-rounds"]));
for (const contender of contenders) contender.stop();
const opening = { onnx: await memoryOf(files.onnx), h5: await memoryOf(files.h5) };
const measurements = report(times, opening);
console.log(values.json ? JSON.stringify({ contenders: contenders.map(describe), measurements }) : asTable(contenders, measurements));

async function makeFiles(): Promise<void> {
  if (Object.values(files).every((path) => existsSync(path))) return;
  console.error("Making VGG16 with random weights …");
  mkdirSync(folder, { recursive: true });
  const weights = randomVgg16();
  writeFlat(files.flat, weights);
  writeOnnx(files.onnx, vgg16Graph(weights));
  await writeKerasH5(files.h5, weights);
}

async function startAll(): Promise<Contender[]> {
  const here = join(import.meta.dirname, "contenders");
  const asked = [
    start("Pellucid", "node", [join(here, "pellucid.ts"), files.onnx], ["forward", "grad-cam", "gradient", "ascent-1", "ascent-8"]),
    start("ONNX Runtime", "node", [join(here, "onnx-runtime.ts"), files.onnx], ["forward"]),
    start("PyTorch", process.env.PYTHON ?? "python3", [join(here, "pytorch.py"), files.flat], ["forward", "grad-cam", "gradient", "ascent-1", "ascent-8"]),
    start("TensorFlow.js", "node", [join(here, "tensorflow-js.ts")], ["forward", "grad-cam", "gradient", "ascent-1", "ascent-8"]),
  ];
  const started = await Promise.all(asked);
  return started.filter((contender) => contender !== undefined);
}

/** One run of every task by every contender a round, in turn; the first round warms up and is dropped. */
async function measure(all: readonly Contender[], rounds: number, slowRounds: number): Promise<Measurement[]> {
  const found: Measurement[] = [];
  for (let round = 0; round <= rounds; round++) {
    for (const task of ["forward", "grad-cam", "gradient", "ascent-1", "ascent-8"]) {
      for (const contender of all) {
        if (!contender.tasks.includes(task) || (contender.name === "TensorFlow.js" && round > slowRounds)) continue;
        const { ms, check } = await contender.run(task);
        if (round > 0) found.push({ contender: contender.name, task, ms, check });
      }
    }
    console.error(`round ${round} of ${rounds}`);
  }
  return found;
}
