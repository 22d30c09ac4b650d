"""The chapter's own code (Chollet, Deep Learning with Python) on a small Keras network: heatmap and filter pattern.

    python tools/reference/chapter.py        (numpy, keras, tensorflow; writes test/reference/methods/chapter.*)
"""

import json
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "2"

import keras
import numpy as np
import tensorflow as tf

from methods import OUT, uniform

SIZE = 14


def build():
    """Named as VGG16 is, with batch normalisation behind the second convolution."""
    keras.utils.set_random_seed(0)
    inputs = keras.Input((SIZE, SIZE, 3), name="image")
    x = keras.layers.Conv2D(6, 3, activation="relu", padding="same", name="block1_conv1")(inputs)
    x = keras.layers.MaxPooling2D(2, name="block1_pool")(x)
    x = keras.layers.Conv2D(8, 3, padding="same", name="block2_conv1")(x)
    x = keras.layers.BatchNormalization(name="block2_bn")(x)
    x = keras.layers.Activation("relu", name="block2_relu")(x)
    x = keras.layers.MaxPooling2D(2, name="block2_pool")(x)
    x = keras.layers.Flatten(name="flatten")(x)
    outputs = keras.layers.Dense(4, activation="softmax", name="predictions")(x)
    model = keras.Model(inputs, outputs, name="small_vgg")
    random = np.random.default_rng(0)
    bn = model.get_layer("block2_bn")
    bn.set_weights([random.uniform(low, high, 8) for low, high in ((0.5, 1.5), (-0.5, 0.5), (-0.2, 0.2), (0.5, 1.5))])
    return model


def heatmap(model, image, layer, index):
    """Mean over channels of the output times the pooled gradient of the class's probability; ReLU; divided by the maximum."""
    tap = keras.Model(model.inputs, [model.get_layer(layer).output, model.output])
    with tf.GradientTape() as tape:
        output, predictions = tap(image)
        value = predictions[:, index]
    pooled = tf.reduce_mean(tape.gradient(value, output), axis=(0, 1, 2))
    found = np.maximum(np.mean(output[0].numpy() * pooled.numpy(), axis=-1), 0)
    return found / found.max()


def pattern(model, layer, index, steps, step=1.0, scale=1 / 127.5, shift=-1.0):
    """Ascent on the mean activation of one filter; `step` in pixel values, the network takes pixel · scale + shift."""
    tap = keras.Model(model.inputs, model.get_layer(layer).output)
    start = 128 + 20 * uniform(0, index, SIZE * SIZE * 3).reshape(1, SIZE, SIZE, 3)
    x = tf.constant(start * scale + shift, tf.float32)
    for _ in range(steps):
        with tf.GradientTape() as tape:
            tape.watch(x)
            loss = tf.reduce_mean(tap(x)[:, :, :, index])
        grads = tape.gradient(loss, x)
        grads /= tf.sqrt(tf.reduce_mean(tf.square(grads))) + 1e-5
        x += grads * step * scale
    return x.numpy()[0], float(tf.reduce_mean(tap(x)[:, :, :, index]))


def rounded(array):
    return [float(f"{v:.7g}") for v in np.asarray(array, np.float64).flatten()]


def main():
    model = build()
    model.save(OUT / "chapter.keras")
    image = np.random.default_rng(1).uniform(-1, 1, (1, SIZE, SIZE, 3)).round(3).astype(np.float32)
    heatmaps = [
        {"layer": layer, "index": index, "map": rounded(heatmap(model, image, layer, index))}
        for layer, index in (("block2_relu", 0), ("block2_relu", 2), ("block2_conv1", 1), ("block1_conv1", 2))
    ]
    patterns = []
    for layer, index in (("block1_conv1", 2), ("block2_conv1", 5), ("block2_relu", 4)):
        found, activation = pattern(model, layer, index, steps=5)
        patterns.append({"layer": layer, "filter": index, "activation": activation, "image": rounded(found)})
    expected = {"input": rounded(image), "predictions": rounded(model(image)), "heatmaps": heatmaps, "patterns": patterns}
    (OUT / "chapter.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main()
