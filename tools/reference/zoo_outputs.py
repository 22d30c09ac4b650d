"""What networks of keras.applications answer with weights and inputs that a formula makes: test/reference/zoo/outputs.

test/zoo/generated.ts has the same formula, so that no weights need to be kept. Two small files of weights are kept, as
Keras writes them: mobilenet.h5.gz and mobilenet.weights.h5.gz.

Run: python tools/reference/zoo_outputs.py [folder for files of all weights]
"""

import gzip
import json
import os
import sys
import tempfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import applications as apps  # noqa: E402
from keras.src.legacy.saving import legacy_h5_format  # noqa: E402
from keras.src.utils import file_utils  # noqa: E402

FOLDER = Path(__file__).parents[2] / "test" / "reference" / "zoo"

# Name in the zoo, Keras's class, size, options; with the top where Keras allows it at that size.
NETWORKS = [
    ("vgg16", "VGG16", 48, {}),
    ("resnet50", "ResNet50", 64, {}),
    ("resnet50v2", "ResNet50V2", 65, {}),
    ("inceptionv3", "InceptionV3", 96, {}),
    ("inceptionresnetv2", "InceptionResNetV2", 96, {}),
    ("xception", "Xception", 96, {}),
    ("mobilenet-0.25-128", "MobileNet", 64, {"alpha": 0.25, "include_top": True}),
    ("mobilenetv2-0.35-96", "MobileNetV2", 65, {"alpha": 0.35, "include_top": True}),
    ("mobilenetv3small-1.0", "MobileNetV3Small", 65, {"include_top": True}),
    ("mobilenetv3large-minimalistic", "MobileNetV3Large", 64, {"minimalistic": True}),
    ("densenet121", "DenseNet121", 64, {}),
    ("nasnetmobile", "NASNetMobile", 64, {}),
    ("efficientnetb0", "EfficientNetB0", 65, {}),
    ("efficientnetv2b0", "EfficientNetV2B0", 64, {}),
    ("efficientnetv2s", "EfficientNetV2S", 64, {}),
    ("convnexttiny", "ConvNeXtTiny", 64, {}),
]
KEPT = 1024


def noise(count, seed):
    """Numbers from -1 to 1 that depend on position and seed only."""
    x = np.arange(count, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 % 2**32)
    for shift, factor in ((16, 0x7FEB352D), (15, 0x846CA68B)):
        x ^= x >> np.uint32(shift)
        x *= np.uint32(factor)
    x ^= x >> np.uint32(16)
    return x / np.float64(2**31) - 1


def weight(layer, name, shape, seed, gain):
    if len(shape) == 0:
        return np.array(1)
    u = noise(int(np.prod(shape)), seed).reshape(shape)
    if len(shape) > 1:
        depthwise = name == "depthwise_kernel" or isinstance(layer, keras.layers.DepthwiseConv2D)
        return u * np.sqrt(3 * gain / np.prod(shape[:2] if depthwise else shape[:-1]))
    if "variance" in name:
        return 1 + 0.5 * u
    return 1 + 0.2 * u if name == "gamma" or type(layer).__name__ == "LayerScale" else 0.1 * u


def fill(model, gain=2, change=lambda value: value):
    """@param gain how much a convolution enlarges the variance"""
    seed = 0
    for layer in [inner for layer in model.layers for inner in getattr(layer, "layers", [layer])]:
        values = []
        for variable in layer.weights:
            seed += 1
            values.append(change(weight(layer, variable.name, tuple(variable.shape), seed, gain)))
        if values:
            layer.set_weights(values)
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()


def pictures(size):
    return (127.5 + 127.5 * noise(size * size * 3, 77)).astype(np.float32).reshape(1, size, size, 3)


def build(name, size, options):
    keras.backend.clear_session()
    top = options.get("include_top", False)
    return getattr(apps, name)(weights=None if top else "imagenet", **{"include_top": False, **options}, input_shape=(size, size, 3))


def save(model, path):
    model.save_weights(f"{path}.weights.h5")
    with h5py.File(f"{path}.h5", "w") as file:
        legacy_h5_format.save_weights_to_hdf5_group(file, model)


def write_outputs(folder):
    manifest = {}
    for key, name, size, options in NETWORKS:
        model = build(name, size, options)
        gain = 1 if name.startswith("Efficient") else 2
        fill(model, gain)
        output = model.predict(pictures(size) / 127.5 - 1 if key in UNSCALED else pictures(size), verbose=0).ravel()
        step = max(1, output.size // KEPT)
        np.save(FOLDER / "outputs" / f"{key}.npy", output[::step].astype(np.float32))
        manifest[key] = {"size": size, "top": options.get("include_top", False), "unscaled": key in UNSCALED, "gain": gain, "step": step, "largest": float(np.abs(output).max())}
        if folder:
            save(model, Path(folder) / key)
        print(key, output.size, manifest[key]["largest"], flush=True)
    (FOLDER / "outputs.json").write_text(json.dumps(manifest, indent=2) + "\n")


# Networks that want -1..1 here; the others rescale by themselves.
UNSCALED = [key for key, name, _, _ in NETWORKS if not name.startswith(("MobileNetV3", "Efficient", "ConvNeXt"))]


def write_files():
    """Weights of few different values, which compress well."""
    keras.backend.clear_session()
    model = apps.MobileNet(weights=None, alpha=0.25, input_shape=(32, 32, 3), classes=10)
    fill(model, change=lambda value: np.round(value * 8) / 8)
    with tempfile.TemporaryDirectory() as folder:
        save(model, Path(folder) / "mobilenet")
        for name in ("mobilenet.h5", "mobilenet.weights.h5"):
            (FOLDER / f"{name}.gz").write_bytes(gzip.compress((Path(folder) / name).read_bytes(), 9, mtime=0))
    np.save(FOLDER / "mobilenet.npy", model.predict(pictures(32) / 127.5 - 1, verbose=0))


def main(folder=None):
    file_utils.get_file = lambda *args, **kwargs: "no file"
    load = keras.Model.load_weights
    keras.Model.load_weights = lambda self, path, *args, **kwargs: None if path == "no file" else load(self, path, *args, **kwargs)
    (FOLDER / "outputs").mkdir(parents=True, exist_ok=True)
    write_files()
    write_outputs(folder)


if __name__ == "__main__":
    main(*sys.argv[1:])
