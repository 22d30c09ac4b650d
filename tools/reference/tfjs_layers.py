"""TensorFlow.js layers models in every form that converters and TensorFlow.js itself write, with Keras's own numbers.

    python tools/reference/tfjs_layers.py        (keras, tensorflow; writes test/reference/tfjs/layers.json)

One small network; its topology in the dialects of Keras 2 and 3, its weights plain, quantized and in shards. Where weights
are quantized, Keras computes with the rounded weights too.
"""

import base64
import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras
import numpy as np

OUT = Path(__file__).parents[2] / "test" / "reference" / "tfjs"
random = np.random.default_rng(11)


def network():
    inner = keras.Sequential(
        [
            keras.layers.Input((9, 8, 3)),
            keras.layers.Conv2D(6, 3, strides=2, padding="same", activation="relu", name="conv"),
            keras.layers.BatchNormalization(name="norm"),
        ],
        name="features",
    )
    return keras.Sequential(
        [
            keras.layers.Input((9, 8, 3)),
            inner,
            keras.layers.DepthwiseConv2D(3, depth_multiplier=2, padding="same", name="spread"),
            keras.layers.ReLU(max_value=6, name="clip"),
            keras.layers.GlobalAveragePooling2D(name="pool"),
            keras.layers.Dense(4, activation="softmax", name="classes"),
        ],
        name="small",
    )


def keras_2_layers():
    """The same network as tf.keras 2 describes it."""
    shape = [None, 9, 8, 3]
    inner = [
        ("Conv2D", {"name": "conv", "batch_input_shape": shape, "filters": 6, "kernel_size": [3, 3], "strides": [2, 2], "padding": "same", "activation": "relu"}),
        ("BatchNormalization", {"name": "norm", "axis": [3], "epsilon": 0.001, "center": True, "scale": True}),
    ]
    layers = [
        {"class_name": "Sequential", "config": {"name": "features", "layers": [{"class_name": c, "config": o} for c, o in inner]}},
        ("DepthwiseConv2D", {"name": "spread", "kernel_size": [3, 3], "depth_multiplier": 2, "padding": "same", "activation": "linear"}),
        ("ReLU", {"name": "clip", "max_value": 6.0, "negative_slope": 0.0, "threshold": 0.0}),
        ("GlobalAveragePooling2D", {"name": "pool", "data_format": "channels_last"}),
        ("Dense", {"name": "classes", "units": 4, "activation": "softmax"}),
    ]
    return [layer if isinstance(layer, dict) else {"class_name": layer[0], "config": layer[1]} for layer in layers]


def converted_topology(layers):
    return {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": {"class_name": "Sequential", "config": layers}}


# Weights as `<layer>/<variable>`, in the converter's order: alphabetical by layer.
NAMES = {
    "classes": ["kernel", "bias"],
    "conv": ["kernel", "bias"],
    "norm": ["gamma", "beta", "moving_mean", "moving_variance"],
    "spread": ["depthwise_kernel", "bias"],
}


def layer_of(model, name):
    return next(layer for layer in [*model.layers, *model.get_layer("features").layers] if layer.name == name)


def randomize(model):
    for name in NAMES:
        layer = layer_of(model, name)
        layer.set_weights([np.abs(w) + 0.5 if "variance" in v else w for v, w in zip(NAMES[name], random_like(layer.get_weights()))])


def random_like(weights):
    return [(random.standard_normal(w.shape) * 0.4).astype("f4") for w in weights]


def named_weights(model):
    return [(f"{name}/{variable}", weight) for name, variables in NAMES.items() for variable, weight in zip(variables, layer_of(model, name).get_weights())]


def quantize(weight, dtype):
    """As the converter: affine, over the weight's own range."""
    if dtype == "float16":
        half = weight.astype("f2")
        return half, {"dtype": dtype}, half.astype("f4")
    top = {"uint8": 255, "uint16": 65535}[dtype]
    low, high = float(weight.min()), float(weight.max())
    scale = (high - low) / top or 1.0
    q = np.round((weight - low) / scale).astype(dtype)
    return q, {"dtype": dtype, "scale": scale, "min": low, "original_dtype": "float32"}, (q * np.float64(scale) + low).astype("f4")


def write(weights, dtype=None):
    """Manifest entries, bytes, and the weights that a reader gets."""
    entries, data, read = [], b"", {}
    for name, weight in weights:
        entry = {"name": name, "shape": list(weight.shape), "dtype": "float32"}
        stored, read[name] = weight, weight
        if dtype:
            stored, entry["quantization"], read[name] = quantize(weight, dtype)
        entries.append(entry)
        data += stored.astype(stored.dtype.newbyteorder("<")).tobytes()
    return entries, data, read


def shards(data, size, name):
    parts = [data[i : i + size] for i in range(0, len(data), size)]
    return {name.format(i + 1, len(parts)): part for i, part in enumerate(parts)}


def outputs(model, x, weights):
    copy = keras.models.clone_model(model)
    copy.build(model.input_shape)
    for name, variables in NAMES.items():
        layer_of(copy, name).set_weights([weights[f"{name}/{variable}"] for variable in variables])
    features = copy.get_layer("features")(x)
    return {"features/norm": np.asarray(features), "classes": np.asarray(copy(x))}


def encode(data):
    return base64.b64encode(data).decode()


def case(name, model, x, topology, entries, files, read):
    manifest = [{"paths": list(files), "weights": entries}]
    return {
        "name": name,
        "model": {"format": "layers-model", "generatedBy": "keras", "convertedBy": None, "modelTopology": topology, "weightsManifest": manifest},
        "files": {path.removeprefix("./"): encode(data) for path, data in files.items()},
        "input": tensor(x),
        "layers": {layer: tensor(y) for layer, y in outputs(model, x, read).items()},
    }


def tensor(value):
    return {"shape": list(value.shape), "data": encode(value.astype("<f4").tobytes())}


def main():
    model = network()
    randomize(model)
    x = random.standard_normal((2, 9, 8, 3)).astype("f4")
    layers = keras_2_layers()
    cases = []
    for dtype in [None, "float16", "uint16", "uint8"]:
        entries, data, read = write(named_weights(model), dtype)
        cases.append(case(dtype or "plain", model, x, converted_topology({"name": "small", "layers": layers}), entries, {"group1-shard1of1.bin": data}, read))
    entries, data, read = write(named_weights(model))
    cases.append(case("shards", model, x, converted_topology(layers), entries, shards(data, 250, "group1-shard{}of{}.bin"), read))

    # TensorFlow.js's own save: no wrapping, trainable weights before the others, one file.
    ordered = sorted(named_weights(model), key=lambda item: "moving" in item[0])
    entries, data, read = write(ordered)
    native = {"class_name": "Sequential", "config": {"name": "small", "layers": layers}, "keras_version": "tfjs-layers 4.22.0", "backend": "tensor_flow.js"}
    cases.append(case("native", model, x, native, entries, {"./small.weights.bin": data}, read))

    # From a .keras file: paths instead of names, and Keras 3's configuration.
    paths = {
        "conv/kernel": "layers/sequential/layers/conv2d/vars/0",
        "conv/bias": "layers/sequential/layers/conv2d/vars/1",
        **{f"norm/{v}": f"layers/sequential/layers/batch_normalization/vars/{i}" for i, v in enumerate(NAMES["norm"])},
        "spread/depthwise_kernel": "layers/depthwise_conv2d/vars/0",
        "spread/bias": "layers/depthwise_conv2d/vars/1",
        "classes/kernel": "layers/dense/vars/0",
        "classes/bias": "layers/dense/vars/1",
    }
    weights = dict(named_weights(model))
    entries, data, _ = write([(path, weights[name]) for name, path in paths.items()])
    topology = {"keras_version": keras.__version__, "model_config": json.loads(model.to_json())}
    cases.append(case("from Keras 3", model, x, topology, entries, {"group1-shard1of1.bin": data}, weights))

    OUT.mkdir(parents=True, exist_ok=True)
    (OUT / "layers.json").write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
    print(len(cases), "models")


if __name__ == "__main__":
    main()
