// TensorFlow.js on its wasm backend: the same VGG16, the same tasks.

import { createRequire } from "node:module";
import { dirname } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { blocks, image, randomVgg16, type Vgg16Weights } from "../vgg16.ts";
import { type Run, serve } from "./serve.ts";

setWasmPaths(`${dirname(createRequire(import.meta.url).resolve("@tensorflow/tfjs-backend-wasm"))}/`);
await tf.setBackend("wasm");
await tf.ready();
await serve(`tfjs ${tf.version_core} wasm`, tasksOf(load(randomVgg16())));

function tasksOf(net: Network): Run {
  const big = toNhwc(1, 224);
  const small = { 1: toNhwc(1, 150), 8: toNhwc(8, 150) };
  const tasks: Record<string, () => tf.Tensor> = {
    forward: () => tf.softmax(net.head(net.features(big))),
    "grad-cam": () => {
      const maps = net.features(big);
      const gradient = tf.grad((x: tf.Tensor) => scoreOf(net.head(x as tf.Tensor4D)))(maps);
      return tf.relu(tf.mean(tf.mul(maps, tf.mean(gradient, [1, 2], true)), 3));
    },
    gradient: () => tf.grad((x: tf.Tensor) => scoreOf(net.head(net.features(x as tf.Tensor4D))))(big),
    "ascent-1": () => ascent(net, small[1]),
    "ascent-8": () => ascent(net, small[8]),
  };
  return async (task) => {
    const result = tf.tidy(tasks[task] as () => tf.Tensor);
    const values = (await result.data()).slice(0, 64) as Float32Array;
    result.dispose();
    return values;
  };
}

interface Network {
  features(x: tf.Tensor4D, until?: number): tf.Tensor4D;
  head(maps: tf.Tensor4D): tf.Tensor2D;
}

function load({ convs, dense }: Vgg16Weights): Network {
  const kernels = convs.map(({ w, b, shape }) => ({
    w: tf.transpose(tf.tensor4d(w, shape as [number, number, number, number]), [2, 3, 1, 0]),
    b: tf.tensor1d(b),
  }));
  const layers = dense.map(({ w, b, shape }, i) => {
    // The first dense layer reads channels first; TensorFlow.js flattens channels last.
    const matrix =
      i > 0 ? tf.tensor2d(w, shape as [number, number]) : tf.tidy(() => tf.reshape(tf.transpose(tf.tensor3d(w, [512, 49, 4096]), [1, 0, 2]), [25088, 4096]));
    return { w: matrix as tf.Tensor2D, b: tf.tensor1d(b) };
  });
  return {
    features(x, until = 13) {
      let [maps, done] = [x, 0];
      for (const widths of blocks) {
        for (const _ of widths) {
          const { w, b } = kernels[done++] as (typeof kernels)[number];
          maps = tf.relu(tf.add(tf.conv2d(maps, w as tf.Tensor4D, 1, "same"), b));
          if (done === until) return maps;
        }
        maps = tf.maxPool(maps, 2, 2, "valid");
      }
      return maps;
    },
    head(maps) {
      let x = tf.reshape(tf.maxPool(maps, 2, 2, "valid"), [maps.shape[0], 25088]) as tf.Tensor2D;
      layers.forEach(({ w, b }, i) => {
        x = tf.add(tf.matMul(x, w), b);
        if (i < 2) x = tf.relu(x);
      });
      return x;
    },
  };
}

function scoreOf(logits: tf.Tensor): tf.Tensor {
  return tf.sum(tf.slice(logits, [0, 386], [-1, 1]));
}

function ascent(net: Network, x: tf.Tensor4D): tf.Tensor {
  const gradient = tf.grad((image: tf.Tensor) => tf.sum(tf.mean(tf.slice(net.features(image as tf.Tensor4D, 5), [0, 0, 0, 3], [-1, -1, -1, 1]), [1, 2])))(x);
  const norm = tf.add(tf.sqrt(tf.mean(tf.square(gradient), [1, 2, 3], true)), 1e-5);
  return tf.add(x, tf.div(gradient, norm));
}

function toNhwc(n: number, size: number): tf.Tensor4D {
  return tf.tidy(() => tf.transpose(tf.tensor4d(image(n, size), [n, 3, size, size]), [0, 2, 3, 1]));
}
