"""The networks of keras.applications as Keras itself builds them: test/reference/zoo/architectures.json.gz.

Every layer is listed as [name, class, options, inputs, output shape, weight shapes, inner layers], without options that
have Keras's default or mean nothing to a trained network. Nothing is downloaded; all weights are zero.

Run: python tools/reference/zoo.py [name …]; with names, the others stay as they are.
"""

import gzip
import json
import os
import sys
from pathlib import Path

os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"

import keras  # noqa: E402
from keras import applications as apps  # noqa: E402
from keras.src.utils import file_utils  # noqa: E402

FOLDER = Path(__file__).parents[2] / "test" / "reference" / "zoo"

PLAIN = """VGG16 VGG19 ResNet50 ResNet101 ResNet152 ResNet50V2 ResNet101V2 ResNet152V2 InceptionV3 InceptionResNetV2 Xception
DenseNet121 DenseNet169 DenseNet201 NASNetMobile NASNetLarge EfficientNetB0 EfficientNetB1 EfficientNetB2 EfficientNetB3
EfficientNetB4 EfficientNetB5 EfficientNetB6 EfficientNetB7 EfficientNetV2B0 EfficientNetV2B1 EfficientNetV2B2
EfficientNetV2B3 EfficientNetV2S EfficientNetV2M EfficientNetV2L ConvNeXtTiny ConvNeXtSmall ConvNeXtBase ConvNeXtLarge
ConvNeXtXLarge""".split()


def variants():
    """(name in the zoo, class of Keras, its options)."""
    for name in PLAIN:
        yield name.lower(), name, {}
    for alpha in (0.25, 0.5, 0.75, 1.0):
        for size in (128, 160, 192, 224):
            if alpha in (0.25, 1.0) or size == 224:
                yield f"mobilenet-{alpha}-{size}", "MobileNet", {"alpha": alpha, "input_shape": (size, size, 3)}
    for alpha in (0.35, 0.5, 0.75, 1.0, 1.3, 1.4):
        for size in (96, 128, 160, 192, 224):
            if alpha == 0.35 or size == 224:
                yield f"mobilenetv2-{alpha}-{size}", "MobileNetV2", {"alpha": alpha, "input_shape": (size, size, 3)}
    for kind in ("Small", "Large"):
        for suffix, options in (("0.75", {"alpha": 0.75}), ("1.0", {}), ("minimalistic", {"minimalistic": True})):
            yield f"mobilenetv3{kind.lower()}-{suffix}", f"MobileNetV3{kind}", options


NOISE = ("name", "trainable", "dtype", "module", "registered_name", "build_config", "momentum", "synchronized", "virtual_batch_size",
         "noise_shape", "seed", "rate", "drop_path_rate", "keepdims", "ragged", "sparse", "optional", "rms_scaling", "renorm", "renorm_momentum", "projection_dim")
DEFAULTS = {
    "strides": [[1, 1], 1], "padding": ["valid"], "dilation_rate": [[1, 1]], "groups": [1], "depth_multiplier": [1], "use_bias": [True],
    "activation": ["linear"], "data_format": ["channels_last"], "epsilon": [0.001], "center": [True], "scale": [True], "axis": [-1, 3, [-1]],
    "negative_slope": [0.0], "threshold": [0.0], "max_value": [None], "offset": [0.0], "mean": [None], "variance": [None], "invert": [False],
    "init_values": [1e-6], "build_config": [None], "quantization_config": [None],
}
KEEP_KEEPDIMS = ("GlobalAveragePooling2D",)
NO_DEFAULT = (("CustomScaleLayer", "scale"), ("Normalization", "axis"), ("MaxPooling2D", "strides"), ("AveragePooling2D", "strides"))


def plain(value):
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.tolist() if hasattr(value, "tolist") else value


def options_of(layer):
    """What of a layer's options matters."""
    config = plain(layer.get_config())
    kind = type(layer).__name__
    kept = {}
    for key, value in config.items():
        if key == "keepdims" and value and kind in KEEP_KEEPDIMS:
            kept[key] = value
        elif key in NOISE or key.endswith(("_initializer", "_regularizer", "_constraint", "lora_rank", "lora_alpha")):
            continue
        elif value is not None and (value not in DEFAULTS.get(key, []) or (kind, key) in NO_DEFAULT):
            kept[key] = value
    if kind in ("MaxPooling2D", "AveragePooling2D") and kept.get("strides") == kept["pool_size"]:
        del kept["strides"]
    return kept


def inputs_of(layer):
    """The names of what a layer reads; constants as they are."""
    found = []
    for argument in keras.tree.flatten(layer._inbound_nodes[-1].arguments.args):
        found.append(argument._keras_history.operation.name if isinstance(argument, keras.KerasTensor) else argument)
    return found


def describe(layer, inputs=None):
    is_layer = isinstance(layer, keras.Layer)
    if isinstance(layer, keras.Sequential):
        inner = [describe(each) for each in layer.layers]
        options = {}
    else:
        inner = []
        options = options_of(layer) if is_layer else {}
    kind = type(layer).__name__ if is_layer else f"operation {type(layer).__name__}"
    weights = [] if inner else [list(w.shape) for w in layer.weights] if is_layer else []
    shape = list(layer.output.shape) if not isinstance(layer, keras.Sequential) else list(layer.output_shape)
    return [layer.name, kind, options, inputs_of(layer), shape, weights, *([inner] if inner else [])]


def architecture(name, options, include_top):
    keras.backend.clear_session()
    model = getattr(apps, name)(weights="imagenet", include_top=include_top, **options)
    return [describe(layer) for layer in model._operations]


def main(asked):
    file_utils.get_file = lambda *args, **kwargs: "no file"
    keras.Model.load_weights = lambda *args, **kwargs: None
    add_weight = keras.Layer.add_weight
    keras.Layer.add_weight = lambda self, *args, initializer=None, **kwargs: add_weight(self, *args, initializer="zeros", **kwargs)
    file = FOLDER / "architectures.json.gz"
    result = json.loads(gzip.decompress(file.read_bytes())) if asked else {}
    for key, name, options in variants():
        if asked and key not in asked:
            continue
        result[key] = architecture(name, options, True)
        # With an open size, Keras leaves out the cells that halve, and what it builds cannot run.
        fixed = {"input_shape": (331, 331, 3)} if name == "NASNetLarge" else {}
        result[f"{key} notop"] = architecture(name, {**options, **fixed}, False)
        print(key, len(result[key]), flush=True)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file.write_bytes(gzip.compress(json.dumps(result, separators=(",", ":")).encode(), 9, mtime=0))


if __name__ == "__main__":
    main(sys.argv[1:])
