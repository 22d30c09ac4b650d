"""One small network in every form that Keras has saved networks in, and what Keras 3 says of it.

    KERAS_BACKEND=tensorflow python tools/reference/keras_models.py     (writes test/reference/keras/models)

The network is a frozen block and a trainable one, nested in a Sequential. Keras 3 writes its own forms itself. The older
ones are written here by hand: their configurations, their names and their order of weights, as those versions wrote them;
but for those of TensorFlow 2.12 to 2.14, which keras_tf2.py writes afterwards.
"""

import json
import shutil
import zipfile
from pathlib import Path

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L

OUT = Path(__file__).parents[2] / "test" / "reference" / "keras" / "models"
HEIGHT, WIDTH, CLASS = 10, 9, 2
TEXT = h5py.string_dtype("ascii")

random = np.random.default_rng(11)


def network(policy="float32"):
    keras.config.set_dtype_policy(policy)
    image = keras.Input((HEIGHT, WIDTH, 3), name="image")
    x = L.Conv2D(4, 3, padding="same", activation="relu", name="conv1")(image)
    x = L.BatchNormalization(name="bn1")(x)
    x = L.MaxPooling2D(2, name="pool1")(x)
    x = L.Conv2D(6, (3, 2), activation="tanh", name="conv2")(x)
    features = keras.Model(image, L.BatchNormalization(name="bn2")(x), name="features")
    features.get_layer("conv1").trainable = features.get_layer("bn1").trainable = False
    head = [L.Flatten(name="flat"), L.Dense(7, activation="relu", name="fc"), L.Dropout(0.5, name="drop"), L.Dense(5, activation="softmax", name="predictions")]
    model = keras.Sequential([keras.Input((HEIGHT, WIDTH, 3), name="photo"), features, *head], name="network")
    for weight in model.weights:
        weight.assign(random.uniform(0.5, 1.5, weight.shape) if "variance" in weight.name else random.normal(0, 0.5, weight.shape))
    keras.config.set_dtype_policy("float32")
    return model


def plain(array):
    array = np.asarray(array, "float32")
    return {"shape": list(array.shape), "data": [float(f"{x:.7g}") for x in array.ravel()]}


def say(model, image):
    """Output, layers and the gradient of the sum over the batch of output `CLASS`."""
    features = model.get_layer("features")
    tapped = keras.Model(features.inputs, [features.get_layer(name).output for name in ("conv1", "pool1", "conv2", "bn2")])
    x = tf.constant(image)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = model(x, training=False)
        total = tf.reduce_sum(y[:, CLASS])
    names = ["features/conv1", "features/pool1", "features/conv2", "features"]
    layers = {name: plain(value) for name, value in zip(names, tapped(x, training=False))}
    return {"input": plain(image), "output": plain(y), "class": CLASS, "gradient": plain(tape.gradient(total, x)), "layers": layers}


# --- HDF5 as Keras 1 and 2 wrote it ---


def names_attribute(group, name, values, fixed=True, limit=None):
    """A list of names; an empty one is a list of numbers; one beyond the limit goes in parts."""
    if not values:
        group.attrs[name] = np.zeros((0,))
    elif limit and len(values) > limit:
        for i, part in enumerate(np.array_split(values, -(-len(values) // limit))):
            names_attribute(group, f"{name}{i}", list(part))
    elif fixed:
        group.attrs[name] = np.array([value.encode() for value in values])
    else:
        group.attrs.create(name, values, dtype=h5py.string_dtype("utf-8"))


def write_groups(root, groups, **options):
    names_attribute(root, "layer_names", [name for name, _ in groups], **options)
    for name, weights in groups:
        group = root.create_group(name)
        names_attribute(group, "weight_names", [weight for weight, _ in weights], **options)
        for weight, array in weights:
            group.create_dataset(weight, data=array)


def write_h5(name, config, groups, version=None, backend="tensorflow", **options):
    with h5py.File(OUT / name, "w") as file:
        file.attrs.create("model_config", json.dumps(config), dtype=TEXT)
        root = file.create_group("model_weights")
        if version:
            for place in (file, root):
                place.attrs["keras_version"], place.attrs["backend"] = version.encode(), backend.encode()
        write_groups(root, groups, **options)


def frozen_order(weights, name=lambda layer, part: f"{layer}/{part}:0"):
    """The nested model's weights in one list: trainable ones first, then those of the frozen block and all statistics."""
    order = [("conv2", "kernel"), ("conv2", "bias"), ("bn2", "gamma"), ("bn2", "beta")]
    order += [("conv1", "kernel"), ("conv1", "bias")] + [("bn1", p) for p in ("gamma", "beta", "moving_mean", "moving_variance")]
    order += [("bn2", "moving_mean"), ("bn2", "moving_variance")]
    return [(name(layer, part), weights[layer, part]) for layer, part in order]


def head_groups(weights, name=lambda layer, part: f"{layer}/{part}:0"):
    dense = {layer: [(name(layer, part), weights[layer, part]) for part in ("kernel", "bias")] for layer in ("fc", "predictions")}
    return [("flat", []), ("fc", dense["fc"]), ("drop", []), ("predictions", dense["predictions"])]


# --- configurations ---


def keras2_layers(first, **extra):
    """The block as Keras 2 lists it. `first` is the number of a nested model's first call."""

    def layer(kind, name, before, **config):
        nodes = [[[before, 0, 0, {}]]] if before else []
        return {"name": name, "class_name": kind, "config": {"name": name, **config, **extra}, "inbound_nodes": nodes}

    conv = {"strides": [1, 1], "data_format": "channels_last", "dilation_rate": [1, 1], "use_bias": True}
    bn = {"momentum": 0.99, "epsilon": 0.001, "center": True, "scale": True}
    return [
        layer("InputLayer", "image", None, batch_input_shape=[None, HEIGHT, WIDTH, 3], dtype="float32", sparse=False),
        layer("Conv2D", "conv1", "image", filters=4, kernel_size=[3, 3], padding="same", activation="relu", trainable=False, **conv),
        layer("BatchNormalization", "bn1", "conv1", axis=-1, trainable=False, **bn),
        layer("MaxPooling2D", "pool1", "bn1", pool_size=[2, 2], strides=[2, 2], padding="valid", data_format="channels_last"),
        layer("Conv2D", "conv2", "pool1", filters=6, kernel_size=[3, 2], padding="valid", activation="tanh", trainable=True, **conv),
        layer("BatchNormalization", "bn2", "conv2", axis=[3] if extra else -1, trainable=True, **bn),
    ]


def keras2_features(kind, **extra):
    ends = {"input_layers": [["image", 0, 0]], "output_layers": [["bn2", 0, 0]]}
    return {"class_name": kind, "config": {"name": "features", "layers": keras2_layers(1, **extra), **ends}}


def keras2_head():
    return [
        {"class_name": "Flatten", "config": {"name": "flat", "trainable": True}},
        {"class_name": "Dense", "config": {"name": "fc", "trainable": True, "units": 7, "activation": "relu", "use_bias": True}},
        {"class_name": "Dropout", "config": {"name": "drop", "trainable": True, "rate": 0.5}},
        {"class_name": "Dense", "config": {"name": "predictions", "trainable": True, "units": 5, "activation": "softmax", "use_bias": True}},
    ]


def keras1_layers(ordering, frozen=True):
    def layer(kind, name, before, **config):
        nodes = [[[before, 0, 0]]] if before else []
        return {"name": name, "class_name": kind, "config": {"name": name, **config}, "inbound_nodes": nodes}

    shape = [None, HEIGHT, WIDTH, 3] if ordering == "tf" else [None, 3, HEIGHT, WIDTH]
    conv = {"init": "glorot_uniform", "subsample": [1, 1], "dim_ordering": ordering, "bias": True}
    bn = {"epsilon": 0.001, "mode": 0, "axis": -1 if ordering == "tf" else 1, "momentum": 0.99}
    return [
        layer("InputLayer", "image", None, batch_input_shape=shape, input_dtype="float32", sparse=False),
        layer("Convolution2D", "conv1", "image", nb_filter=4, nb_row=3, nb_col=3, activation="relu", border_mode="same", trainable=not frozen, **conv),
        layer("BatchNormalization", "bn1", "conv1", trainable=not frozen, **bn),
        layer("MaxPooling2D", "pool1", "bn1", trainable=True, pool_size=[2, 2], border_mode="valid", strides=[2, 2], dim_ordering=ordering),
        layer("Convolution2D", "conv2", "pool1", nb_filter=6, nb_row=3, nb_col=2, activation="tanh", border_mode="valid", trainable=True, **conv),
        layer("BatchNormalization", "bn2", "conv2", trainable=True, **bn),
    ]


def keras1_head():
    return [
        {"class_name": "Flatten", "config": {"name": "flat", "trainable": True}},
        {"class_name": "Dense", "config": {"name": "fc", "trainable": True, "output_dim": 7, "init": "glorot_uniform", "activation": "relu", "bias": True, "input_dim": 54}},
        {"class_name": "Dropout", "config": {"name": "drop", "trainable": True, "p": 0.5}},
        {"class_name": "Dense", "config": {"name": "predictions", "trainable": True, "output_dim": 5, "init": "glorot_uniform", "activation": "softmax", "bias": True, "input_dim": 7}},
    ]


def keras1_name(layer, part):
    parts = {"kernel": "W", "bias": "b", "moving_mean": "running_mean", "moving_variance": "running_std"}
    return f"{layer}_{parts.get(part, part)}"


# --- the files ---


def write_keras1(weights):
    ends = {"input_layers": [["image", 0, 0]], "output_layers": [["bn2", 0, 0]]}
    nested = {"class_name": "Model", "config": {"name": "features", "layers": keras1_layers("tf"), **ends}}
    groups = [("features", frozen_order(weights, keras1_name)), *head_groups(weights, keras1_name)]
    write_h5("keras1.h5", {"class_name": "Sequential", "config": [nested, *keras1_head()]}, groups)
    write_keras1_theano(weights)


def write_keras1_theano(weights):
    """Weights alone, as Keras 1 wrote them on Theano: [out, in, rows, columns], kernels turned, Flatten by channels."""
    chain = keras1_layers("th", frozen=False)
    for entry in keras1_head():
        chain.append({"name": entry["config"]["name"], **entry, "inbound_nodes": [[[chain[-1]["name"], 0, 0]]]})
    ends = {"input_layers": [["image", 0, 0]], "output_layers": [["predictions", 0, 0]]}
    config = {"class_name": "Model", "config": {"name": "network", "layers": chain, **ends}}
    (OUT / "network_th_kernels.json").write_text(json.dumps(config))
    theirs = dict(weights)
    for layer in ("conv1", "conv2"):
        theirs[layer, "kernel"] = weights[layer, "kernel"].transpose(3, 2, 0, 1)[:, :, ::-1, ::-1]
    theirs["fc", "kernel"] = weights["fc", "kernel"].reshape(3, 3, 6, 7).transpose(2, 0, 1, 3).reshape(54, 7)
    parts = {"conv": ("kernel", "bias"), "bn": ("gamma", "beta", "moving_mean", "moving_variance"), "fc": ("kernel", "bias"), "pr": ("kernel", "bias")}
    groups = []
    for name in [entry["name"] for entry in chain]:
        kind = next((kind for kind in parts if name.startswith(kind)), None)
        groups.append((name, [(keras1_name(name, part), theirs[name, part]) for part in parts.get(kind, ())]))
    with h5py.File(OUT / "network_th_kernels.h5", "w") as file:
        write_groups(file, groups)
    (OUT / "notop.json").write_text(json.dumps(config))
    with h5py.File(OUT / "notop.h5", "w") as file:
        write_groups(file, [(name, weights) for name, weights in groups if name not in ("fc", "predictions")])


def write_keras2(weights):
    groups = [("features", frozen_order(weights)), *head_groups(weights)]
    early = {"class_name": "Sequential", "config": [keras2_features("Model"), *keras2_head()]}
    write_h5("keras209.h5", early, groups, "2.0.9")
    late = {"class_name": "Sequential", "config": {"name": "network", "layers": [keras2_features("Model"), *keras2_head()]}}
    write_h5("keras231.h5", late, groups, "2.3.1", limit=3)
    # tf.keras: an InputLayer of its own, policies, a random generator's state among the weights, texts of any length.
    policy = {"class_name": "Policy", "config": {"name": "float32"}}
    photo = {"class_name": "InputLayer", "config": {"batch_input_shape": [None, HEIGHT, WIDTH, 3], "dtype": "float32", "name": "photo"}}
    state = [("random_flip/StateVar:0", np.zeros(3, "int64"))]
    flip = {"class_name": "RandomFlip", "config": {"name": "flip", "mode": "horizontal", "seed": None}}
    layers = [photo, flip, keras2_features("Functional", dtype=policy), *keras2_head()]
    modern = {"class_name": "Sequential", "config": {"name": "network", "layers": layers}}
    write_h5("tfkeras.h5", modern, [("flip", state), *groups, ("top_level_model_weights", [])], "2.11.0", fixed=False)


def write_keras3(model):
    model.save(OUT / "keras3.keras")
    model.save(OUT / "keras3.h5")
    (OUT / "network.json").write_text(model.to_json())
    model.save_weights(OUT / "network.weights.h5")
    sharded = OUT / "sharded"
    sharded.mkdir()
    (sharded / "config.json").write_text(model.to_json())
    model.save_weights(sharded / "model.weights.json", max_shard_size=2e-6)
    with zipfile.ZipFile(OUT / "keras3.keras") as archive:
        archive.extractall(OUT / "unzipped")


def siamese():
    """Two inputs, two outputs, a shared layer, a model that is called twice, operations."""
    size = (6, 6, 2)
    left, right = keras.Input(size, name="left"), keras.Input(size, name="right")
    shared = L.Conv2D(3, 3, padding="same", activation="relu", name="shared")
    tower_in = keras.Input((6, 6, 3), name="tower_in")
    tower = keras.Model(tower_in, L.MaxPooling2D(2, name="tower_pool")(L.DepthwiseConv2D(3, padding="same", name="tower_conv")(tower_in)), name="tower")
    a, b = tower(shared(left)), tower(shared(right))
    difference = L.Conv2D(2, 2, name="difference")(abs(a - b) * 2 + 1)
    same = L.Dense(1, activation="sigmoid", name="same")(L.Flatten(name="flat")(difference))
    model = keras.Model([left, right], [same, tower(shared(right + left))], name="siamese")
    for weight in model.weights:
        weight.assign(random.normal(0, 0.6, weight.shape))
    images = [random.normal(0, 1, (2, *size)).astype("float32") for _ in range(2)]
    tensors = [tf.constant(image) for image in images]
    with tf.GradientTape() as tape:
        tape.watch(tensors)
        outputs = model(tensors)
        total = tf.reduce_sum(outputs[0])
    model.save(OUT / "siamese.keras")
    model.save(OUT / "siamese.h5")
    tapped = keras.Model(model.inputs, model.get_layer("difference").output)(tensors)
    result = {"inputs": [plain(image) for image in images], "outputs": [plain(y) for y in outputs]}
    result |= {"gradients": [plain(g) for g in tape.gradient(total, tensors)], "layers": {"difference": plain(tapped)}}
    (OUT / "siamese-says.json").write_text(json.dumps(result) + "\n")


def refused():
    x = keras.Input((4, 4, 3), name="image")

    @keras.saving.register_keras_serializable("Own")
    class Swirl(keras.layers.Layer):
        def call(self, y):
            return y * 2

    class Subclass(keras.Model):
        def __init__(self):
            super().__init__()
            self.dense = L.Dense(2)

        def call(self, y):
            return self.dense(y)

    keras.Model(x, L.Lambda(lambda y: y * 2, name="doubled")(x)).save(OUT / "lambda.keras")
    keras.Model(x, L.Lambda(lambda y: y * 2, name="doubled")(x)).save(OUT / "lambda.h5")
    keras.Model(x, Swirl(name="swirled")(x)).save(OUT / "custom.keras")
    keras.Model(x, L.Conv2D(2, 1, activation=lambda y: y * y, name="squared")(x)).save(OUT / "function.keras")
    model = Subclass()
    model(np.zeros((1, 3), "float32"))
    model.save(OUT / "subclass.keras")


def halves():
    """Weights in half precision; what Keras says with the same numbers in float32."""
    for policy, ending in (("mixed_bfloat16", "keras"), ("bfloat16", "h5"), ("float16", "keras")):
        model = network(policy)
        model.save(OUT / f"{policy}.{ending}")
        full = network()
        full.set_weights([np.asarray(w, "float32") for w in model.get_weights()])
        (OUT / f"{policy}-says.json").write_text(json.dumps(say(full, image)) + "\n")


shutil.rmtree(OUT, ignore_errors=True)
OUT.mkdir(parents=True)
keras.utils.set_random_seed(1)
model = network()
image = random.normal(0, 1, (2, HEIGHT, WIDTH, 3)).astype("float32")
(OUT / "network-says.json").write_text(json.dumps(say(model, image)) + "\n")
weights = {tuple(weight.path.split("/")[-2:]): weight.numpy() for weight in model.weights}
write_keras1(weights)
write_keras2(weights)
write_keras3(model)
siamese()
refused()
halves()
