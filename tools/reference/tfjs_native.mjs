// Layers models as TensorFlow.js of any age saves them, with its own numbers.
//
//   npm install --prefix FOLDER --ignore-scripts @tensorflow/tfjs@VERSION
//   node tools/reference/tfjs_native.mjs FOLDER        (writes the version's models into test/reference/tfjs/native.json)
//
// Small networks with the layers that a version has. Each is saved, opened again by the same version, and run: what a version
// forgets to write is forgotten in the numbers too. Windows are square, since the first versions pad others the wrong way round.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const OUT = new URL("../../test/reference/tfjs/native.json", import.meta.url);
const steady = { recurrentInitializer: "glorotUniform" };

/** Numbers around 0, the same in every run. */
let state = 1;
function random() {
  state = (state * 48271) % 2147483647;
  return state / 2147483647 - 0.5;
}

function sequential(tf, inputShape, layers) {
  const model = tf.sequential();
  for (const [kind, options] of layers) {
    if (tf.layers[kind]) model.add(tf.layers[kind]({ ...options, ...(model.layers.length ? {} : { inputShape }) }));
  }
  return model;
}

const networks = {
  photo: (tf) =>
    sequential(
      tf,
      [7, 7, 2],
      [
        ["conv2d", { filters: 3, kernelSize: 3, strides: 2, padding: "same", activation: "relu", name: "conv" }],
        ["batchNormalization", { name: "norm" }],
        // TensorFlow.js leaves out this dilation.
        ["depthwiseConv2d", { kernelSize: 3, dilationRate: 2, padding: "same", useBias: false, name: "spread" }],
        ["leakyReLU", { alpha: 0.2 }],
        ["separableConv2d", { filters: 2, kernelSize: 2, activation: "hardSigmoid" }],
        ["prelu", { sharedAxes: [1, 2] }],
        [
          "zeroPadding2d",
          {
            padding: [
              [1, 0],
              [0, 1],
            ],
          },
        ],
        ["upSampling2d", { size: [2, 2], interpolation: "bilinear", name: "larger" }],
        [
          "cropping2D",
          {
            cropping: [
              [1, 1],
              [0, 2],
            ],
          },
        ],
        ["maxPooling2d", { poolSize: 2, strides: 1 }],
        ["thresholdedReLU", { theta: 0.1 }],
        ["dropout", { rate: 0.3 }],
        ["reshape", { targetShape: [-1, 5], name: "open" }],
        ["layerNormalization", { axis: -1 }],
        ["rescaling", { scale: 0.5, offset: 0.1 }],
        ["globalAveragePooling1d", {}],
        ["dense", { units: 3, activation: "softmax", name: "classes" }],
      ],
    ),

  branches: (tf) => {
    const { layers: l } = tf;
    const a = tf.input({ shape: [5, 5, 2], name: "a" });
    const b = tf.input({ shape: [5, 5, 2], name: "b" });
    // Names that begin alike.
    const shared = l.conv2d({ filters: 2, kernelSize: 3, padding: "same", name: "conv" });
    const other = l.conv2d({ filters: 2, kernelSize: 1, activation: "tanh", name: "conv/1" });
    const inner = sequential(
      tf,
      [5, 5, 2],
      [
        ["conv2d", { filters: 2, kernelSize: 1, activation: "elu", name: "inner" }],
        ["reLU", { maxValue: 1 }],
      ],
    );
    inner.trainable = false;
    const x = l.add().apply([shared.apply(a), other.apply(shared.apply(b))]);
    const y = l.maximum().apply([inner.apply(x), l.minimum().apply([a, inner.apply(b)])]);
    const z = l.multiply().apply([y, l.average().apply([x, y, a])]);
    const joined = l.concatenate({ name: "joined" }).apply([z, l.conv2dTranspose({ filters: 1, kernelSize: 3, padding: "same" }).apply(y)]);
    const pooled = l.globalAveragePooling2d({}).apply(l.permute({ dims: [2, 1, 3] }).apply(joined));
    const peak = l.globalMaxPooling2d({}).apply(joined);
    const product = l.dot({ axes: 1, normalize: true }).apply([pooled, peak]);
    return tf.model({
      inputs: [a, b],
      outputs: l.dense({ units: 3, name: "classes" }).apply(l.concatenate().apply([pooled, peak, product])),
      name: "Branches",
    });
  },

  series: (tf, version) =>
    sequential(
      tf,
      [8, 2],
      [
        ["conv1d", { filters: 3, kernelSize: 3, name: "conv" }],
        ["maxPooling1d", { poolSize: 2, strides: 1 }],
        ["averagePooling1d", { poolSize: 2, strides: 1 }],
        ["lstm", { units: 2, returnSequences: true, ...steady, name: "lstm" }],
        ["bidirectional", { layer: tf.layers.gru({ units: 2, returnSequences: true, ...steady }), mergeMode: "concat", name: "both" }],
        // Before 1.7 TensorFlow.js cannot open what it writes of cells.
        ...(version < 1.7 ? [] : [["rnn", { cell: tf.layers.stackedRNNCells({ cells: cells(tf) }), returnSequences: true, goBackwards: true, name: "stack" }]]),
        ["timeDistributed", { layer: tf.layers.dense({ units: 3, activation: "softsign" }) }],
        ["simpleRNN", { units: 3, ...steady }],
        ["repeatVector", { n: 2 }],
        ["globalMaxPooling1d", {}],
        ["dense", { units: 3, activation: "logSoftmax", name: "classes" }],
      ].map(([kind, options]) => (kind === "dense" && version < 1.7 ? [kind, { ...options, activation: "selu" }] : [kind, options])),
    ),

  films: (tf, version) =>
    version < 1.7
      ? undefined
      : sequential(
          tf,
          [4, 6, 6, 2],
          [
            // Gaps between windows, which TensorFlow.js centres over three axes.
            ["conv3d", { filters: 2, kernelSize: 1, strides: [1, 2, 2], padding: "same", name: "gaps" }],
            ["maxPooling3d", { poolSize: [1, 2, 2], strides: 1, padding: "same" }],
            ["conv3dTranspose", { filters: 2, kernelSize: 2, activation: "relu" }],
            ["convLstm2d", { filters: 2, kernelSize: 2, ...steady, returnSequences: true, name: "film" }],
            ["averagePooling3d", { poolSize: 2 }],
            ["flatten", {}],
            ["dense", { units: 3, name: "classes" }],
          ],
        ),

  activations: (tf, version) => {
    if (version < 4) return undefined;
    const x = tf.input({ shape: [4], name: "x" });
    const names = ["gelu", "mish", "swish", "relu6", "selu", "softplus", "sigmoid", "elu", "hardSigmoid"];
    const all = names.map((activation) => tf.layers.dense({ units: 2, activation, name: `with_${activation}` }).apply(x));
    return tf.model({ inputs: x, outputs: tf.layers.dense({ units: 3, name: "classes" }).apply(tf.layers.concatenate().apply(all)) });
  },
};

function cells({ layers: l }) {
  return [l.lstmCell({ units: 2, ...steady }), l.gruCell({ units: 3, ...steady }), l.simpleRNNCell({ units: 2, ...steady })];
}

/** Weights that matter, and variances that are none too small. */
function randomize(tf, model) {
  const names = model.weights.map((weight) => weight.originalName);
  const values = model.getWeights().map(({ shape }, i) => {
    const size = shape.reduce((n, d) => n * d, 1);
    return tf.tensor(
      Float32Array.from({ length: size }, () => (names[i].includes("variance") ? random() + 1 : 2 * random())),
      shape,
    );
  });
  model.setWeights(values);
}

/** Files of 150 bytes, so that weights straddle them. */
function shards(data) {
  const bytes = Buffer.concat([data].flat().map((part) => Buffer.from(part)));
  const count = Math.ceil(bytes.length / 150);
  return Object.fromEntries(Array.from({ length: count }, (_, i) => [`group1-shard${i + 1}of${count}.bin`, bytes.subarray(150 * i, 150 * (i + 1))]));
}

async function train(tf, model, version) {
  if (version < 1.7) return false;
  model.compile({ optimizer: "adam", loss: "meanSquaredError" });
  const inputs = model.inputs.map(({ shape }) => tf.zeros([1, ...shape.slice(1)]));
  await model.fit(inputs, tf.zeros([1, 3]), { epochs: 1, verbose: 0 });
  return true;
}

async function makeCase(tf, fullVersion, name, network) {
  const version = Number.parseFloat(fullVersion);
  const model = network(tf, version);
  if (!model) return undefined;
  // With the optimizer's weights beside the model's own.
  const includeOptimizer = name === "branches" && (await train(tf, model, version));
  randomize(tf, model);
  const saved = [];
  const save = async (artifacts) => {
    saved.push(artifacts);
    return { modelArtifactsInfo: {} };
  };
  await model.save({ save }, { includeOptimizer });
  const [{ weightData, weightSpecs, modelTopology, ...rest }] = saved;
  const open = tf.loadLayersModel ?? tf.loadModel;
  const again = await open.call(tf, { load: async () => ({ modelTopology: JSON.parse(JSON.stringify(modelTopology)), weightSpecs, weightData }) });
  const files = shards(weightData);
  const inputs = again.inputs.map(({ shape }) =>
    tf.tensor(
      Float32Array.from({ length: 2 * size(shape) }, () => 4 * random()),
      [2, ...shape.slice(1)],
    ),
  );
  const layers = again.layers.filter((layer) => layer.inboundNodes.length === 1 && layer.getClassName() !== "InputLayer");
  const outputs = layers.map((layer) => [layer.name, tf.model({ inputs: again.inputs, outputs: layer.output }).predict(inputs)]);
  return {
    name: `${name} by ${fullVersion}`,
    model: { ...rest, modelTopology, weightsManifest: [{ paths: Object.keys(files), weights: weightSpecs }] },
    files: Object.fromEntries(Object.entries(files).map(([path, bytes]) => [path, bytes.toString("base64")])),
    inputs: inputs.map(encode),
    layers: Object.fromEntries(outputs.filter(([layer]) => !/^(dropout|leaky|flatten|repeat)/.test(layer)).map(([layer, y]) => [layer, encode(y)])),
  };
}

function size(shape) {
  return shape.slice(1).reduce((n, d) => n * d, 1);
}

function encode(tensor) {
  return { shape: tensor.shape, data: Buffer.from(Float32Array.from(tensor.dataSync()).buffer).toString("base64") };
}

// One version a process: they share what they register.
const [folder] = process.argv.slice(2);
const require = createRequire(resolve(folder, "package.json"));
const tf = require("@tensorflow/tfjs");
const { version } = require("@tensorflow/tfjs/package.json");
tf.setBackend("cpu");
const cases = existsSync(OUT) ? JSON.parse(readFileSync(OUT, "utf8")).filter(({ name }) => !name.endsWith(` by ${version}`)) : [];
for (const [name, network] of Object.entries(networks)) cases.push(await makeCase(tf, version, name, network));
writeFileSync(
  OUT,
  `[\n${cases
    .filter(Boolean)
    .map((each) => JSON.stringify(each))
    .join(",\n")}\n]\n`,
);
