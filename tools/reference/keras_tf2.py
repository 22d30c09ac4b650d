"""The network of keras_models.py as the Keras of TensorFlow 2.12 to 2.14 saves it; after keras_models.py.

    PYTHONPATH=KERAS python tools/reference/keras_tf2.py NAME.keras     (writes test/reference/keras/models/NAME.keras)

KERAS is a checkout of Keras at v2.12.0, v2.13.1 or v2.14.0 with its three .proto files compiled (grpc_tools.protoc). It runs
on TensorFlow 2.21. On Windows these versions took paths with backslashes for names: NAME `windows` renames the groups so.
"""

import re
import sys
import zipfile
from pathlib import Path

import h5py
import tensorflow.compat.v2 as tf

if not hasattr(tf.__internal__, "register_load_context_function"):
    tf.__internal__.register_load_context_function = lambda function: None

import keras
import keras.layers as L
from keras.models import Model, Sequential
from keras.saving import saving_lib

OUT = Path(__file__).parents[2] / "test" / "reference" / "keras" / "models"
path = OUT / sys.argv[1]

image = L.Input((10, 9, 3), name="image")
x = L.Conv2D(4, 3, padding="same", activation="relu", name="conv1")(image)
x = L.BatchNormalization(name="bn1")(x)
x = L.MaxPooling2D(2, name="pool1")(x)
x = L.Conv2D(6, (3, 2), activation="tanh", name="conv2")(x)
features = Model(image, L.BatchNormalization(name="bn2")(x), name="features")
features.get_layer("conv1").trainable = features.get_layer("bn1").trainable = False
head = [L.Flatten(name="flat"), L.Dense(7, activation="relu", name="fc"), L.Dropout(0.5, name="drop"), L.Dense(5, activation="softmax", name="predictions")]
model = Sequential([L.Input((10, 9, 3), name="photo"), features, *head], name="network")

PLACES = {"conv1": "functional/layers/conv2d", "bn1": "functional/layers/batch_normalization", "conv2": "functional/layers/conv2d_1"}
PLACES |= {"bn2": "functional/layers/batch_normalization_1", "fc": "dense", "predictions": "dense_1"}
with h5py.File(OUT / "network.weights.h5") as file:
    for name, place in PLACES.items():
        layer = (features if "functional" in place else model).get_layer(name)
        group = file[f"layers/{place}/vars"]
        # get_weights() puts what a frozen layer has in another order; the attributes do not move.
        parts = ("kernel", "bias") if hasattr(layer, "kernel") else ("gamma", "beta", "moving_mean", "moving_variance")
        for i, part in enumerate(parts):
            getattr(layer, part).assign(group[str(i)][()])

saving_lib.keras.__version__ = re.search('__version__ = "(.*)"', Path(keras.__file__).read_text())[1]
saving_lib.save_model(model, str(path))


def on_windows(file):
    """`a/b/vars` becomes the group `a\\b` with `vars` in it."""
    groups = []
    file.visititems(lambda name, item: groups.append(name) if name.endswith("/vars") and isinstance(item, h5py.Group) else None)
    kept = [(name, [item[()] for item in file[name].values()]) for name in groups]
    for name in [*file]:
        if name != "vars":
            del file[name]
    for name, values in kept:
        group = file.create_group(name.removesuffix("/vars").replace("/", "\\")).create_group("vars")
        for i, value in enumerate(values):
            group[str(i)] = value


with zipfile.ZipFile(path) as archive:
    members = {name: archive.read(name) for name in archive.namelist()}
if path.stem == "windows":
    weights = path.with_suffix(".h5")
    weights.write_bytes(members["model.weights.h5"])
    with h5py.File(weights, "r+") as file:
        on_windows(file)
    members["model.weights.h5"] = weights.read_bytes()
    weights.unlink()
with zipfile.ZipFile(path, "w") as archive:
    for name, data in members.items():
        archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
