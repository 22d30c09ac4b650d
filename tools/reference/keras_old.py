"""Layers of old Keras in files that old Keras itself wrote, and what it says of them.

    python tools/reference/keras_old.py FOLDER     (tensorflow, h5py; writes test/reference/keras/layers)

FOLDER has the package `keras` of one of the versions 1.0.8, 1.2.2, 2.0.9 and 2.3.1, from the repository's tag of that name.
Each file is a model of one layer a branch, but for those of Merge. The `.json` beside it is as that of keras_layers.py.
"""

import json
import sys
from pathlib import Path

import numpy as np
from keras_files import plain
import old_keras

keras = old_keras.load(sys.argv[1])
import tensorflow as tf
from keras import backend as K
from keras import layers as L
from keras.models import Model, Sequential

OUT = Path(__file__).parents[2] / "test" / "reference" / "keras" / "layers"
VERSION = keras.__version__
FILE = "keras" + VERSION.replace(".", "")
random = np.random.default_rng(7)

# What depends on where the channels are.
HAVE_ORDER = ("convolution", "deconvolution", "deconvolution_odd", "separable", "local", "max_pool", "mean", "normal", "slopes_shared", "slopes", "up", "pad_four", "flat", "volume_conv", "depthwise", "up_corners", "likely")
SHAPES = {"picture": (5, 6, 3), "series": (5, 4), "vector": (6,), "films": (2, 4, 3, 2), "volume": (3, 4, 3, 2)}


def draw(name, shape):
    if "variance" in name or "running_std" in name:
        return random.uniform(0.5, 1.5, shape)
    return random.normal(0, 0.5, shape)


def randomize(model):
    weights = {id(w): w for w in model.weights}.values()
    K.batch_set_value([(w, draw(w.name, K.get_value(w).shape).astype("float32")) for w in weights])


def weighted_sum(y):
    flat = tf.reshape(y, [-1])
    return tf.reduce_sum(tf.cos(tf.cast(tf.range(tf.size(flat)), "float32")) * flat)


def write(file, model, names, outputs, wrt):
    """Saves a model, and of each of `outputs` (name → tensor) the value and the gradient for the input `wrt[name]`."""
    randomize(model)
    inputs = dict(zip(names, model.inputs))
    values = {name: random.normal(0, 1, (2, *map(int, x.shape[1:]))).astype("float32") for name, x in inputs.items()}
    gradients = [tf.gradients(weighted_sum(y), inputs[wrt[name]])[0] for name, y in outputs.items()]
    run = K.function([*inputs.values(), K.learning_phase()], [*outputs.values(), *gradients])([*values.values(), 0])
    layers = {name: {"output": plain(y), "wrt": wrt[name], "gradient": plain(g)} for name, y, g in zip(outputs, run, run[len(outputs) :])}
    model.save(str(OUT / f"{file}.h5"))
    result = {"inputs": {name: plain(x) for name, x in values.items()}, "layers": layers}
    (OUT / f"{file}.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


def write_branches(file, branches, channels_first=False):
    """A model of one layer a branch. A branch is (name, input, layer), or (name, inputs, function of the tensors)."""
    K.clear_session()
    branches = [branch for branch in branches if not channels_first or branch[0] in HAVE_ORDER]
    turned = lambda name, shape: (shape[-1], *shape[:-1]) if channels_first and name in ("picture", "volume") else shape
    used = [name for name in SHAPES if any(name in ([source] if isinstance(source, str) else source) for _, source, _ in branches)]
    inputs = {name: L.Input(turned(name, SHAPES[name]), name=name) for name in used}
    outputs, wrt = {}, {}
    for name, source, layer in branches:
        sources = [source] if isinstance(source, str) else source
        outputs[name] = layer(inputs[source]) if isinstance(source, str) else layer([inputs[s] for s in sources])
        wrt[name] = sources[0]
    write(file, Model(list(inputs.values()), list(outputs.values())), list(inputs), outputs, wrt)


def keras1(order):
    """Pictures of Keras 1. @param order `tf` or `th`"""
    first, axis = order == "th", 1 if order == "th" else 3
    big = lambda rows, columns: (None, 4, rows, columns) if first else (None, rows, columns, 4)
    o = {"dim_ordering": order}
    yield "convolution", "picture", L.Convolution2D(4, 3, 3, subsample=(2, 2), border_mode="same", activation="hard_sigmoid", name="convolution", **o)
    yield "no_bias", "picture", L.Convolution2D(4, 2, 3, bias=False, name="no_bias", **o)
    yield "atrous", "picture", L.AtrousConvolution2D(4, 3, 3, atrous_rate=(2, 2), border_mode="valid", name="atrous", **o)
    yield "separable", "picture", L.SeparableConvolution2D(5, 3, 3, depth_multiplier=2, activation="relu", name="separable", **o)
    yield "local", "picture", L.LocallyConnected2D(3, 3, 2, subsample=(2, 2), activation="tanh", name="local", **o)
    yield "max_pool", "picture", L.MaxPooling2D((3, 2), strides=(2, 2), border_mode="same", name="max_pool", **o)
    yield "average_pool", "picture", L.AveragePooling2D((2, 2), name="average_pool", **o)
    yield "normal", "picture", L.BatchNormalization(axis=axis, name="normal")
    yield "normal_batch", "picture", L.BatchNormalization(axis=axis, mode=2, name="normal_batch")
    yield "slopes", "picture", L.PReLU(name="slopes")
    yield "curve", "picture", L.ParametricSoftplus(name="curve")
    yield "three_lines", "picture", L.SReLU(name="three_lines")
    yield "up", "picture", L.UpSampling2D((2, 3), name="up", **o)
    yield "pad", "picture", L.ZeroPadding2D((1, 2), name="pad", **o)
    yield "flat", "picture", L.Flatten(name="flat")
    yield "volume_conv", "volume", L.Convolution3D(3, 2, 2, 2, border_mode="same", name="volume_conv", **o)
    if VERSION == "1.0.8":  # which builds no Deconvolution2D for any batch
        return
    yield "deconvolution", "picture", L.Deconvolution2D(4, 3, 3, output_shape=big(10, 12), subsample=(2, 2), border_mode="same", name="deconvolution", **o)
    yield "deconvolution_odd", "picture", L.Deconvolution2D(4, 3, 3, output_shape=big(9, 11), subsample=(2, 2), border_mode="same", name="deconvolution_odd", **o)
    yield "deconvolution_longer", "picture", L.Deconvolution2D(4, 3, 3, output_shape=big(12, 14), subsample=(2, 2), border_mode="valid", name="deconvolution_longer", **o)
    yield "slopes_shared", "picture", L.PReLU(shared_axes=[2, 3] if first else [1, 2], name="slopes_shared")
    yield "pad_four", "picture", L.ZeroPadding2D((1, 2, 0, 3), name="pad_four", **o)
    yield "pad_dict", "picture", L.ZeroPadding2D({"top_pad": 1, "right_pad": 2}, name="pad_dict", **o)
    yield "cropped", "picture", L.Cropping2D(((1, 0), (2, 1)), name="cropped", **o)
    yield "mean", "picture", L.GlobalAveragePooling2D(name="mean", **o)
    if not first:
        yield "films_lstm", "films", L.ConvLSTM2D(2, 2, 2, border_mode="same", return_sequences=True, name="films_lstm", **o)


def keras1_lines():
    yield "line", "series", L.Convolution1D(2, 3, activation="relu", name="line")
    yield "pool", "series", L.MaxPooling1D(2, name="pool")
    yield "longer", "series", L.UpSampling1D(3, name="longer")
    yield "local_line", "series", L.LocallyConnected1D(3, 2, name="local_line")
    yield "every_step", "series", L.TimeDistributed(L.Dense(3), name="every_step")
    yield "every_step_old", "series", L.TimeDistributedDense(3, activation="tanh", name="every_step_old")
    yield "per_sample", "vector", L.BatchNormalization(mode=1, name="per_sample")
    yield "maxout", "vector", L.MaxoutDense(3, name="maxout")
    yield "highway", "vector", L.Highway(activation="relu", name="highway")
    yield "highway_no_bias", "vector", L.Highway(bias=False, name="highway_no_bias")
    for cell in (L.LSTM, L.GRU, L.SimpleRNN):
        for way in ("cpu", "mem", "gpu"):
            name = f"{cell.__name__.lower()}_{way}"
            yield name, "series", cell(3, consume_less=way, return_sequences=way == "mem", name=name)
    if VERSION == "1.0.8":
        return
    yield "pad_line", "series", L.ZeroPadding1D({"left_pad": 1, "right_pad": 2}, name="pad_line")
    yield "atrous_line", "series", L.AtrousConvolution1D(2, 2, atrous_rate=2, name="atrous_line")
    yield "both_ways", "series", L.Bidirectional(L.LSTM(2, return_sequences=True), merge_mode="concat", name="both_ways")


def keras1_merges():
    from keras.engine import merge

    for mode in ("sum", "mul", "ave", "max", "concat"):
        yield f"merge_{mode}", ["series", "series"], lambda xs, mode=mode: merge(xs, mode=mode, concat_axis=1, name=f"merge_{mode}")
    for mode in ("dot", "cos"):
        yield f"merge_{mode}", ["vector", "vector"], lambda xs, mode=mode: merge(xs, mode=mode, name=f"merge_{mode}")
    yield "merge_dot_axes", ["series", "series"], lambda xs: merge(xs, mode="dot", dot_axes=(1, 1), name="merge_dot_axes")


def sequential(*layers):
    model = Sequential()
    for layer in layers:
        model.add(layer)
    return model


def keras1_merge_first():
    """Sequentials that begin with a Merge: of Sequentials, of which one begins with a Merge too and one is frozen, and of a Model."""
    left = sequential(L.Dense(4, input_dim=6, activation="tanh", name="left"), L.BatchNormalization(name="normal"))
    right = sequential(L.Dense(4, input_dim=5, activation="sigmoid", name="right", trainable=False))
    both = sequential(L.Merge([left, right], mode="sum", name="both"), L.Dense(3, name="middle"))
    x = L.Input((4,), name="third_input")
    third = Model(x, L.Dense(3, activation="relu", name="third")(x))
    model = sequential(L.Merge([both, third], mode="concat", name="merge"), L.Dense(2, name="top"))
    model.build()
    # The file names none of a Sequential's inputs: by the first layers, as Keras 2 does.
    write(f"{FILE}-merge", model, ["left_input", "right_input", "third_input"], {"top": model.outputs[0]}, {"top": "left_input"})


def keras2(data_format):
    """Pictures of Keras 2, with the old names of the options where there are any."""
    first, axis = data_format == "channels_first", 1 if data_format == "channels_first" else 3
    o = {"data_format": data_format}
    yield "convolution", "picture", L.Conv2D(4, 3, strides=2, padding="same", activation="hard_sigmoid", name="convolution", **o)
    yield "atrous", "picture", L.Conv2D(4, 3, dilation_rate=2, name="atrous", **o)
    yield "deconvolution", "picture", L.Conv2DTranspose(4, 3, strides=2, padding="same", name="deconvolution", **o)
    yield "deconvolution_gaps", "picture", L.Conv2DTranspose(4, 2, strides=3, name="deconvolution_gaps", **o)
    yield "separable", "picture", L.SeparableConv2D(5, 3, depth_multiplier=2, activation="relu", name="separable", **o)
    yield "local", "picture", L.LocallyConnected2D(3, (3, 2), strides=(2, 2), activation="tanh", name="local", **o)
    yield "max_pool", "picture", L.MaxPooling2D((3, 2), strides=2, padding="same", name="max_pool", **o)
    yield "average_pool", "picture", L.AveragePooling2D(3, strides=2, padding="same", name="average_pool", **o)
    yield "mean", "picture", L.GlobalAveragePooling2D(name="mean", **o)
    yield "normal", "picture", L.BatchNormalization(axis=axis, scale=False, name="normal")
    yield "slopes", "picture", L.PReLU(shared_axes=[2, 3] if first else [1, 2], name="slopes")
    yield "leaky", "picture", L.LeakyReLU(0.25, name="leaky")
    yield "thresholded", "picture", L.ThresholdedReLU(0.6, name="thresholded")
    yield "up", "picture", L.UpSampling2D((2, 3), name="up", **o)
    yield "pad", "picture", L.ZeroPadding2D(((1, 2), (0, 3)), name="pad", **o)
    yield "flat", "picture", L.Flatten(name="flat")
    if VERSION == "2.3.1":
        yield "up_corners", "picture", L.UpSampling2D((2, 3), interpolation="bilinear", name="up_corners", **o)
        yield "depthwise", "picture", L.DepthwiseConv2D(3, depth_multiplier=2, padding="same", name="depthwise", **o)
        yield "rectified", "picture", L.ReLU(max_value=2.0, negative_slope=0.1, threshold=0.3, name="rectified")
        yield "likely", "picture", L.Softmax(axis=axis, name="likely")
        yield "deconvolution_padded", "picture", L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1, name="deconvolution_padded", **o)
    if not first:
        yield "films_lstm", "films", L.ConvLSTM2D(2, 2, padding="same", return_sequences=True, name="films_lstm", **o)
        yield "volume_conv", "volume", L.Conv3D(3, 2, padding="same", name="volume_conv", **o)


def keras2_lines():
    yield "line", "series", L.Conv1D(2, 3, padding="causal", name="line")
    yield "local_line", "series", L.LocallyConnected1D(3, 2, use_bias=False, name="local_line")
    yield "hard", "vector", L.Activation("hard_sigmoid", name="hard")
    for cell in (L.LSTM, L.GRU, L.SimpleRNN):
        name = cell.__name__.lower()
        yield name, "series", cell(3, return_sequences=True, name=name)
        yield f"{name}_both", "series", L.Bidirectional(cell(2), merge_mode="ave", name=f"{name}_both")
    yield "every_step", "series", L.TimeDistributed(L.Dense(3), name="every_step")
    yield "product", ["series", "series"], lambda xs: L.Dot((1, 1), normalize=True, name="product")(xs)
    yield "joined", ["picture", "picture"], lambda xs: L.Concatenate(axis=1, name="joined")(xs)
    if VERSION == "2.3.1":
        yield "gru_after", "series", L.GRU(3, reset_after=True, name="gru_after")
        yield "line_first", "series", L.Conv1D(2, 3, data_format="channels_first", name="line_first")
        yield "rnn", "series", L.RNN(L.GRUCell(3), name="rnn")


if VERSION == "1.0.8":
    write_branches(FILE, [branch for branch in [*keras1("tf"), *keras1_lines()] if branch[0] in ("convolution", "normal", "slopes", "line", "highway", "maxout", "lstm_cpu", "gru_gpu")])
elif VERSION.startswith("1."):
    write_branches(FILE, [*keras1("tf"), *keras1_lines(), *keras1_merges()])
    write_branches(f"{FILE}-first", keras1("th"), channels_first=True)
    keras1_merge_first()
else:
    write_branches(FILE, [*keras2("channels_last"), *keras2_lines()])
    write_branches(f"{FILE}-first", keras2("channels_first"), channels_first=True)
