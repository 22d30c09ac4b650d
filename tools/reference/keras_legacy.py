"""Layers and operations that Keras 3 no longer has, in files written here by hand, and what TensorFlow says of them.

    python tools/reference/keras_legacy.py     (tensorflow, h5py; writes test/reference/keras/layers)

Each file is a model of one layer a branch. The `.json` beside it is as that of keras_layers.py.
"""

import json
from pathlib import Path

import h5py
import numpy as np
import tensorflow as tf

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

    def __init__(self, shape_key, style):
        self.style, self.sequential = style, None
        self.layers = [{"name": n, "class_name": "InputLayer", "config": {"name": n, shape_key: [None, *x.shape[1:]]}, "inbound_nodes": []} for n, x in INPUTS.items()]
        self.groups = [(name, []) for name in INPUTS]
        self.results = {}

    def add(self, kind, name, source, says, weights=(), nodes=None, **config):
        sources = [source] if isinstance(source, str) else source
        refs = [[s, 0, 0] if self.style == 1 else [s, 0, 0, {}] for s in sources]
        entry = {"name": name, "class_name": kind, "config": {"name": name, "trainable": True, **config}, "inbound_nodes": nodes or [refs]}
        self.layers.append(entry)
        self.groups.append((name, [(f"{name}_{i}", w) for i, w in enumerate(weights)]))
        inputs = [tf.constant(INPUTS[s]) for s in sources]
        with tf.GradientTape() as tape:
            tape.watch(inputs)
            y = says(*inputs)
            total = tf.reduce_sum(tf.cos(tf.range(tf.size(y), dtype="float32")) * tf.reshape(y, [-1]))
        gradients = [g for g, s in zip(tape.gradient(total, inputs), sources) if s == sources[0] and g is not None]
        self.results[name] = {"output": plain(y), **({"wrt": sources[0], "gradient": plain(tf.add_n(gradients))} if gradients else {})}

    def write(self, file, version=None, class_name="Model", inputs=INPUTS):
        ends = {"input_layers": [[n, 0, 0] for n in INPUTS], "output_layers": [[n, 0, 0] for n in self.results]}
        config = {"class_name": class_name, "config": self.sequential or {"name": file, "layers": self.layers, **ends}}
        with h5py.File(OUT / f"{file}.h5", "w") as h5:
            h5.attrs.create("model_config", json.dumps(config), dtype=h5py.string_dtype("ascii"))
            if version:
                h5.attrs["keras_version"], h5.attrs["backend"] = version.encode(), b"tensorflow"
            root = h5.create_group("model_weights")
            root.attrs["layer_names"] = np.array([name.encode() for name, _ in self.groups])
            for name, weights in self.groups:
                group = root.create_group(name)
                group.attrs["weight_names"] = np.array([w.encode() for w, _ in weights]) if weights else np.zeros((0,))
                for weight, array in weights:
                    group[weight] = array
        result = {"inputs": {n: plain(x) for n, x in inputs.items()}, "layers": self.results}
        (OUT / f"{file}.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


def plain(array):
    array = np.asarray(array, "float32")
    return {"shape": list(array.shape), "data": [float(f"{x:.6g}") for x in array.ravel()]}


def hard_sigmoid(x):
    return tf.clip_by_value(0.2 * x + 0.5, 0, 1)


def rnn(step, x, states):
    for t in range(x.shape[1]):
        states = step(x[:, t], *states)
    return states[0]


def keras1():
    b = Branches("batch_input_shape", 1)
    conv = {"dim_ordering": "tf", "bias": True, "init": "glorot_uniform"}
    k, c = draw(3, 3, 3, 4), draw(4)
    b.add("Convolution2D", "convolution", "picture", lambda x: hard_sigmoid(tf.nn.conv2d(x, k, 2, "SAME") + c), [k, c], nb_filter=4, nb_row=3, nb_col=3, subsample=[2, 2], border_mode="same", activation="hard_sigmoid", **conv)
    b.add("AtrousConvolution2D", "atrous", "picture", lambda x: tf.nn.conv2d(x, k, 1, "VALID", dilations=2) + c, [k, c], nb_filter=4, nb_row=3, nb_col=3, atrous_rate=[2, 2], subsample=[1, 1], border_mode="valid", activation="linear", **conv)
    line, shift = draw(3, 1, 4, 2), draw(2)
    b.add("Convolution1D", "line", "series", lambda x: tf.nn.conv1d(x, line[:, 0], 1, "VALID") + shift, [line, shift], nb_filter=2, filter_length=3, subsample_length=1, border_mode="valid", activation="linear", bias=True, input_dim=4)
    up = draw(3, 3, 3, 4)
    b.add("Deconvolution2D", "deconvolution", "picture", lambda x: tf.nn.conv2d_transpose(x, up.transpose(0, 1, 3, 2), (2, 10, 12, 4), 2, "SAME") + c, [up, c], nb_filter=4, nb_row=3, nb_col=3, output_shape=[None, 10, 12, 4], subsample=[2, 2], border_mode="same", activation="linear", **conv)
    gamma, beta = draw(6), draw(6)

    def per_sample(x):
        mean, variance = tf.nn.moments(x, [-1], keepdims=True)
        return gamma * (x - mean) / (tf.sqrt(variance + 1e-3) + 1e-3) + beta

    b.add("BatchNormalization", "per_sample", "vector", per_sample, [gamma, beta, np.zeros(6, "f4"), np.ones(6, "f4")], mode=1, axis=-1, epsilon=1e-3, momentum=0.99)
    slopes = draw(5, 6, 3)
    b.add("PReLU", "slopes", "picture", lambda x: tf.where(x > 0, x, slopes * x), [slopes], init="zero")
    maps, offsets = draw(4, 6, 3), draw(4, 3)
    b.add("MaxoutDense", "maxout", "vector", lambda x: tf.reduce_max(tf.einsum("ni,pio->npo", x, maps) + offsets, 1), [maps, offsets], nb_feature=4, output_dim=3, bias=True, input_dim=6)
    w, wc, v, vc = draw(6, 6), draw(6, 6), draw(6), draw(6)

    def highway(x):
        gate = tf.sigmoid(x @ wc + vc)
        return tf.nn.relu(x @ w + v) * gate + (1 - gate) * x

    b.add("Highway", "highway", "vector", highway, [w, wc, v, vc], activation="relu", bias=True, input_dim=6)
    merge = {"mode_type": "raw", "concat_axis": -1, "dot_axes": -1, "output_shape": None, "arguments": {}}
    normal = lambda x: tf.math.l2_normalize(x, -1, epsilon=1e-12)
    b.add("Merge", "merge_max", ["picture", "picture"], tf.maximum, mode="max", **merge)
    b.add("Merge", "merge_concat", ["picture", "picture"], lambda x, y: tf.concat([x, y], 1), **{**merge, "mode": "concat", "concat_axis": 1})
    b.add("Merge", "merge_dot", ["vector", "vector"], lambda x, y: tf.reduce_sum(x * y, -1, keepdims=True), mode="dot", **merge)
    b.add("Merge", "merge_cos", ["vector", "vector"], lambda x, y: tf.reduce_sum(normal(x) * normal(y), -1, keepdims=True), mode="cos", **merge)
    b.add("ZeroPadding2D", "pad_dict", "picture", lambda x: tf.pad(x, [[0, 0], [1, 2], [0, 3], [0, 0]]), padding={"top_pad": 1, "bottom_pad": 2, "left_pad": 0, "right_pad": 3}, dim_ordering="tf")
    b.add("MaxPooling1D", "pool1d", "series", lambda x: tf.nn.max_pool1d(x, 2, 2, "VALID"), pool_length=2, stride=2, border_mode="valid")
    b.add("UpSampling1D", "up1d", "series", lambda x: tf.repeat(x, 3, 1), length=3)
    b.write("keras1")


def keras1_merge():
    """A Sequential that begins with a Merge of two others; its file lists the layers of all three."""
    b = Branches("batch_input_shape", 1)
    weights = {"left": [draw(6, 4), draw(4)], "middle": [draw(4, 3), draw(3)], "right": [draw(5, 3), draw(3)], "top": [draw(6, 2), draw(2)]}
    dense = lambda name, activation, **options: {"class_name": "Dense", "config": {"name": name, "output_dim": weights[name][1].size, "activation": activation, "bias": True, "init": "glorot_uniform", "W_regularizer": None, **options}}
    left = [dense("left", "tanh", batch_input_shape=[None, 6], input_dim=6), dense("middle", "relu")]
    right = [dense("right", "sigmoid", batch_input_shape=[None, 5], input_dim=5)]
    merge = {"name": "merge", "mode": "concat", "concat_axis": -1, "dot_axes": -1, "layers": [{"class_name": "Sequential", "config": branch} for branch in (left, right)]}
    b.sequential = [{"class_name": "Merge", "config": merge}, dense("top", "linear")]
    b.groups = [*((name, [(f"{name}_W", w), (f"{name}_b", v)]) for name, (w, v) in weights.items() if name != "top"), ("merge", []), ("top", list(zip(("top_W", "top_b"), weights["top"])))]
    values = {"left_input": vector, "right_input": random.normal(0, 1, (2, 5)).astype("float32")}
    x, y = map(tf.constant, values.values())
    apply = lambda name, x: x @ weights[name][0] + weights[name][1]
    with tf.GradientTape() as tape:
        tape.watch(x)
        output = apply("top", tf.concat([tf.nn.relu(apply("middle", tf.tanh(apply("left", x)))), tf.sigmoid(apply("right", y))], -1))
        total = tf.reduce_sum(tf.cos(tf.range(tf.size(output), dtype="float32")) * tf.reshape(output, [-1]))
    b.results["top"] = {"output": plain(output), "wrt": "left_input", "gradient": plain(tape.gradient(total, x))}
    b.write("keras1-merge", class_name="Sequential", inputs=values)


def keras1_recurrent():
    b = Branches("batch_input_shape", 1)
    W, U, v = [{g: draw(*shape) for g in "ifcozrh"} for shape in ((4, 3), (3, 3), (3,))]

    def lstm(x, h, c):
        gate = lambda g: x @ W[g] + h @ U[g] + v[g]
        c = hard_sigmoid(gate("f")) * c + hard_sigmoid(gate("i")) * tf.tanh(gate("c"))
        return hard_sigmoid(gate("o")) * tf.tanh(c), c

    def gru(x, h):
        z, r = [hard_sigmoid(x @ W[g] + h @ U[g] + v[g]) for g in "zr"]
        return (z * h + (1 - z) * tf.tanh(x @ W["h"] + (r * h) @ U["h"] + v["h"]),)

    zeros = tf.zeros((2, 3))
    options = {"output_dim": 3, "init": "glorot_uniform", "activation": "tanh", "inner_activation": "hard_sigmoid", "go_backwards": False, "stateful": False}
    apart = lambda gates: [part[g] for g in gates for part in (W, U, v)]
    b.add("LSTM", "lstm", "series", lambda x: rnn(lstm, x, (zeros, zeros)), apart("icfo"), consume_less="cpu", **options)
    b.add("GRU", "gru", "series", lambda x: rnn(gru, x, (zeros,)), apart("zrh"), consume_less="mem", **options)
    joined = [np.concatenate([part[g] for g in "ifco"], -1) for part in (W, U, v)]
    b.add("LSTM", "lstm_gpu", "series", lambda x: rnn(lstm, x, (zeros, zeros)), joined, consume_less="gpu", **options)
    b.write("keras1-recurrent")


def keras2():
    b = Branches("batch_input_shape", 2)
    array = {"type": "ndarray", "value": 0.25}
    corners = lambda x: tf.compat.v1.image.resize_bilinear(x, (10, 18), align_corners=False)
    b.add("UpSampling2D", "up_corners", "picture", corners, size=[2, 3], interpolation="bilinear", data_format="channels_last")
    b.add("Activation", "hard", "picture", hard_sigmoid, activation="hard_sigmoid")
    b.add("Activation", "custom_relu6", "picture", tf.nn.relu6, activation="relu6")
    b.add("LeakyReLU", "leaky", "picture", lambda x: tf.nn.leaky_relu(x, 0.25), alpha=array)
    b.add("ThresholdedReLU", "thresholded", "picture", lambda x: tf.where(x > 0.6, x, 0.0), theta=0.6)
    b.add("FixedDropout", "fixed_dropout", "picture", tf.identity, rate=0.2, noise_shape=None, seed=None)
    local, places = draw(6, 18, 4), draw(3, 2, 4)

    def locally(x):
        patches = tf.image.extract_patches(x, [1, 3, 2, 1], [1, 1, 3, 1], [1, 1, 1, 1], "VALID")
        return tf.nn.relu(tf.einsum("npk,pkf->npf", tf.reshape(patches, (2, 6, 18)), local) + places.reshape(6, 4))

    options = {"padding": "valid", "data_format": "channels_last", "use_bias": True, "implementation": 1}
    b.add("LocallyConnected2D", "local", "picture", lambda x: tf.reshape(locally(x), (2, 3, 2, 4)), [local, places], filters=4, kernel_size=[3, 2], strides=[1, 3], activation="relu", **options)
    line = draw(4, 8, 3)
    b.add("LocallyConnected1D", "local_line", "series", lambda x: tf.stack([tf.reshape(x[:, i : i + 2], (2, 8)) @ line[i] for i in range(4)], 1), [line], filters=3, kernel_size=[2], strides=[1], activation="linear", **{**options, "use_bias": False})
    b.add("StochasticDepth", "depth", "picture", tf.identity, drop_path_rate=0.1)
    b.add("RandomHeight", "height", "picture", tf.identity, factor=0.1)
    b.add("RandomWidth", "width", "picture", tf.identity, factor=0.1)
    b.add("Equalization", "equalization", "picture", tf.identity, bins=256)
    b.add("ReLU", "relu6", "picture", tf.nn.relu6, max_value=6)
    b.add("BatchNormalizationV1", "bn", "vector", lambda x: x / np.sqrt(1.001), [np.ones(6, "f4"), np.zeros(6, "f4"), np.zeros(6, "f4"), np.ones(6, "f4")], axis=[1], momentum=0.99, epsilon=1e-3, center=True, scale=True)
    gamma = draw(3)
    b.add("LayerScale", "layer_scale", "picture", lambda x: x * gamma, [gamma], init_values=1e-6, projection_dim=3)
    b.add("CustomScaleLayer", "residual", ["picture", "picture"], lambda x, y: x + 0.17 * y, scale=0.17)
    b.add("Identity", "same", "picture", tf.identity)
    cudnn(b)
    adapted(b)
    b.write("keras231", "2.3.1")


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
    gamma = np.arange(15, dtype="f4").reshape(3, 5) / 10

    def over_axes(x):
        mean, variance = tf.nn.moments(x, [1, 3], keepdims=True)
        return tf.nn.batch_normalization(x, mean, variance, None, tf.reshape(gamma, (1, 5, 1, 3)), 1e-3)

    # Keras 2 keeps the sizes in the order of its axes, but takes the numbers in the picture's.
    b.add("LayerNormalization", "axes_turned", "picture", over_axes, [gamma], axis=[3, 1], epsilon=1e-3, center=False, scale=True)


def cudnn(b):
    """As Keras 2 converts weights for cuDNN: every gate's matrices transposed, the kernel's numbers staying in [inputs, units]."""

    def packed(matrix, gates):
        return np.hstack([part.T.reshape(part.shape) for part in np.hsplit(matrix, gates)])

    def turned(matrix, gates):
        return np.hstack([part.T for part in np.hsplit(matrix, gates)])

    zeros, parts = tf.zeros((2, 3)), lambda x, gates: tf.split(x, gates, -1)
    kernel, recurrent, bias = draw(4, 12), draw(3, 12), draw(24)

    def lstm(x, h, c):
        i, f, g, o = parts(x @ kernel + h @ recurrent + bias[:12] + bias[12:], 4)
        c = tf.sigmoid(f) * c + tf.sigmoid(i) * tf.tanh(g)
        return tf.sigmoid(o) * tf.tanh(c), c

    weights = [packed(kernel, 4), turned(recurrent, 4), bias]
    b.add("CuDNNLSTM", "cudnn_lstm", "series", lambda x: rnn(lstm, x, (zeros, zeros)), weights, units=3, go_backwards=False, stateful=False)
    into, within, shift = draw(4, 9), draw(3, 9), draw(18)

    def gru(x, h):
        (xz, xr, xh), (hz, hr, hh) = parts(x @ into + shift[:9], 3), parts(h @ within + shift[9:], 3)
        z = tf.sigmoid(xz + hz)
        return (z * h + (1 - z) * tf.tanh(xh + tf.sigmoid(xr + hr) * hh),)

    weights = [packed(into, 3), turned(within, 3), shift]
    b.add("CuDNNGRU", "cudnn_gru", "series", lambda x: rnn(gru, x, (zeros,)), weights, units=3, go_backwards=False, stateful=False)


def tensorflow():
    """tf.keras's operations: TFOpLambda, SlicingOpLambda and, older, TensorFlowOpLayer."""
    b = Branches("batch_input_shape", 2)

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
keras1()
keras1_recurrent()
keras2()
tensorflow()
keras1_merge()
