"""Layers that are no part of Keras but known by name, and tf.keras's operations, in files written here by hand.

    python tools/reference/keras_legacy.py     (tensorflow, h5py; writes test/reference/keras/layers)

Each file is a model of one layer a branch. The `.json` beside it is as that of keras_layers.py, of what TensorFlow says. What
old Keras itself can write comes from keras_old.py and keras_cudnn.py.
"""

import json
from pathlib import Path

import h5py
import numpy as np
import tensorflow as tf
from keras_files import plain

OUT = Path(__file__).parents[2] / "test" / "reference" / "keras" / "layers"
random = np.random.default_rng(5)

picture = random.normal(0, 1.5, (2, 5, 6, 3)).astype("float32")
series = random.normal(0, 1, (2, 5, 4)).astype("float32")
vector = random.normal(0, 1, (2, 6)).astype("float32")
INPUTS = {"picture": picture, "series": series, "vector": vector}


def draw(*shape):
    return random.normal(0, 0.5, shape).astype("float32")


class Branches:
    """Collects layers, their weights and what they must give."""

    def __init__(self):
        self.layers = [{"name": n, "class_name": "InputLayer", "config": {"name": n, "batch_input_shape": [None, *x.shape[1:]]}, "inbound_nodes": []} for n, x in INPUTS.items()]
        self.groups = [(name, []) for name in INPUTS]
        self.results = {}

    def add(self, kind, name, source, says, weights=(), nodes=None, **config):
        sources = [source] if isinstance(source, str) else source
        refs = [[s, 0, 0, {}] for s in sources]
        entry = {"name": name, "class_name": kind, "config": {"name": name, **{"trainable": True, **config}}, "inbound_nodes": nodes or [refs]}
        self.layers.append(entry)
        self.groups.append((name, [(f"{name}_{i}", w) for i, w in enumerate(weights)]))
        inputs = [tf.constant(INPUTS[s]) for s in sources]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            y = says(*inputs)
            total = tf.reduce_sum(tf.cos(tf.range(tf.size(y), dtype="float32")) * tf.reshape(y, [-1]))
        gradients = [g for g, s in zip(tape.gradient(total, inputs), sources) if s == sources[0] and g is not None]
        self.results[name] = {"output": plain(y), **({"wrt": sources[0], "gradient": plain(tf.add_n(gradients))} if gradients else {})}

    def write(self, file, version, class_name="Model"):
        ends = {"input_layers": [[n, 0, 0] for n in INPUTS], "output_layers": [[n, 0, 0] for n in self.results]}
        config = {"class_name": class_name, "config": {"name": file, "layers": self.layers, **ends}}
        with h5py.File(OUT / f"{file}.h5", "w") as h5:
            h5.attrs.create("model_config", json.dumps(config), dtype=h5py.string_dtype("ascii"))
            h5.attrs["keras_version"], h5.attrs["backend"] = version.encode(), b"tensorflow"
            root = h5.create_group("model_weights")
            root.attrs["layer_names"] = np.array([name.encode() for name, _ in self.groups])
            for name, weights in self.groups:
                group = root.create_group(name)
                group.attrs["weight_names"] = np.array([w.encode() for w, _ in weights]) if weights else np.zeros((0,))
                for weight, array in weights:
                    group[weight] = array
        result = {"inputs": {n: plain(x) for n, x in INPUTS.items()}, "layers": self.results}
        (OUT / f"{file}.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


def keras2():
    b = Branches()
    array = {"type": "ndarray", "value": 0.25}
    b.add("Activation", "custom_relu6", "picture", tf.nn.relu6, activation="relu6")
    b.add("LeakyReLU", "leaky", "picture", lambda x: tf.nn.leaky_relu(x, 0.25), alpha=array)
    b.add("FixedDropout", "fixed_dropout", "picture", tf.identity, rate=0.2, noise_shape=None, seed=None)
    b.add("StochasticDepth", "depth", "picture", tf.identity, drop_path_rate=0.1)
    b.add("RandomHeight", "height", "picture", tf.identity, factor=0.1)
    b.add("RandomWidth", "width", "picture", tf.identity, factor=0.1)
    b.add("Equalization", "equalization", "picture", tf.identity, bins=256)
    b.add("BatchNormalizationV1", "bn", "vector", lambda x: x / np.sqrt(1.001), [np.ones(6, "f4"), np.zeros(6, "f4"), np.zeros(6, "f4"), np.ones(6, "f4")], axis=[1], momentum=0.99, epsilon=1e-3, center=True, scale=True)
    gamma = draw(3)
    b.add("LayerScale", "layer_scale", "picture", lambda x: x * gamma, [gamma], init_values=1e-6, projection_dim=3)
    b.add("CustomScaleLayer", "residual", ["picture", "picture"], lambda x, y: x + 0.17 * y, scale=0.17)
    b.add("Identity", "same", "picture", tf.identity)
    adapted(b)
    b.write("keras2", "2.3.1")


def adapted(b):
    """What tf.keras keeps beside the weights proper: a summary of data instead of bins, and what renormalization moves."""
    values, counts = np.array([-1.5, -0.9, -0.2, 0.1, 0.4, 1.3], "f4"), np.array([1, 2, 1, 3, 1, 2], "f4")
    shares = counts.cumsum() / counts.sum()
    boundaries = np.interp([0.25, 0.5, 0.75], shares, values).astype("f4").tolist()
    bins = lambda x: tf.cast(tf.raw_ops.Bucketize(input=x, boundaries=boundaries), "float32")
    b.add("Discretization", "bins", "picture", bins, [np.stack([values, counts])], bin_boundaries=None, num_bins=4, epsilon=0.01, output_mode="int", sparse=False)
    few = lambda x: tf.one_hot(tf.raw_ops.Bucketize(input=x, boundaries=values[:-1].tolist()), 6)
    b.add("Discretization", "few", "vector", few, [np.stack([values, counts])], bin_boundaries=None, num_bins=9, epsilon=0.01, output_mode="one_hot", sparse=False)
    gamma, beta, mean, variance = np.array([[1, 2, 3], [0, 1, -1], [0.5, 0, 1], [2, 1, 4]], "f4")
    normal = lambda x: tf.nn.batch_normalization(x, mean, variance, beta, gamma, 1e-3)
    rest = [np.ones(3, "f4"), np.zeros(3, "f4"), np.ones(3, "f4")]
    b.add("BatchNormalization", "renormalized", "picture", normal, [gamma, beta, mean, variance, *rest], axis=[3], epsilon=1e-3, renorm=True, renorm_clipping=None, renorm_momentum=0.99)
    kernel, bias, scale = np.cos(np.arange(30)).reshape(6, 5).astype("f4"), np.arange(5, dtype="f4"), np.array([1.7], "f4")
    b.add("RandomFourierFeatures", "features", "vector", lambda x: tf.cos(x @ (kernel / scale) + bias), [kernel, bias, scale], output_dim=5, kernel_initializer="gaussian", scale=1.7, trainable=False)
    gamma = np.arange(15, dtype="f4").reshape(3, 5) / 10

    def over_axes(x):
        mean, variance = tf.nn.moments(x, [1, 3], keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, None, tf.reshape(gamma, (1, 5, 1, 3)), 1e-3)

    # Keras 2 keeps the sizes in the order of its axes, but takes the numbers in the picture's.
    b.add("LayerNormalization", "axes_turned", "picture", over_axes, [gamma], axis=[3, 1], epsilon=1e-3, center=False, scale=True)


def tensorflow():
    """tf.keras's operations: TFOpLambda, SlicingOpLambda and, older, TensorFlowOpLayer."""
    b = Branches()

    def operation(name, function, expected, source="picture", first=None, kind="TFOpLambda", **kwargs):
        node = first or [source, 0, 0, {**kwargs, "name": None}]
        b.add(kind, name, source, expected, nodes=[node], dtype="float32", function=function)

    operation("minus", "math.subtract", lambda x: 1.5 - x, first=["_CONSTANT_VALUE", -1, 1.5, {"y": ["picture", 0, 0], "name": None}])
    operation("plus", "__operators__.add", lambda x: x + 2, y=2.0)
    operation("scaled", "math.multiply", lambda x: x * [0.1, 0.2, 0.3], y=[0.1, 0.2, 0.3])
    operation("halved", "math.truediv", lambda x: x / 2, y=2)
    operation("itself", "math.multiply", lambda x: x * x, y=["picture", 0, 0])
    operation("joined", "concat", lambda x: tf.concat([x, x], -1), first=[["picture", 0, 0, {"axis": -1}], ["picture", 0, 0, {"axis": -1}]])
    operation("mean", "math.reduce_mean", lambda x: tf.reduce_mean(x, [1, 2], keepdims=True), axis=[1, 2], keepdims=True)
    operation("total", "math.reduce_sum", lambda x: tf.reduce_sum(x, -1), axis=-1)
    operation("shaped", "reshape", lambda x: tf.reshape(x, (-1, 30, 3)), shape=[-1, 30, 3])
    operation("turned", "transpose", lambda x: tf.transpose(x, (0, 3, 1, 2)), perm=[0, 3, 1, 2])
    operation("wider", "expand_dims", lambda x: tf.expand_dims(x, 1), axis=1)
    operation("clipped", "clip_by_value", lambda x: tf.clip_by_value(x, -1, 0.5), clip_value_min=-1, clip_value_max=0.5)
    operation("rectified", "nn.relu6", tf.nn.relu6)
    operation("likely", "nn.softmax", lambda x: tf.nn.softmax(x, -1), axis=-1)
    operation("cast", "cast", lambda x: x, dtype="float32")
    operation("resized", "image.resize", lambda x: tf.image.resize(x, (8, 9)), size=[8, 9], method="bilinear")
    operation("product", "linalg.matmul", lambda x: tf.matmul(x, x, transpose_b=True), "series", b=["series", 0, 0], transpose_b=True)
    part = {"slice_spec": [{"start": None, "stop": None, "step": None}, {"start": 1, "stop": None, "step": 2}, 3]}
    operation("part", "__operators__.getitem", lambda x: x[:, 1::2, 3], kind="SlicingOpLambda", first=["picture", 0, 0, part])

    def old(name, op, expected, constants, source="picture"):
        definition = json.dumps({"name": name, "op": op, "input": ["x", f"{name}/y"], "attr": {"T": {"type": "DT_FLOAT"}}})
        b.add("TensorFlowOpLayer", name, source, expected, dtype="float32", node_def=definition, constants=constants)

    old("tf_op_layer_add", "AddV2", lambda x: x + 3, {"1": 3.0})
    old("tf_op_layer_sub", "Sub", lambda x: 2 - x, {"0": 2.0})
    old("tf_op_layer_div", "RealDiv", lambda x: x / [1.0, 2.0, 4.0], {"1": [1.0, 2.0, 4.0]})
    old("tf_op_layer_relu", "Relu", tf.nn.relu, {})
    b.write("tensorflow", "2.4.0", "Functional")


OUT.mkdir(parents=True, exist_ok=True)
keras2()
tensorflow()
