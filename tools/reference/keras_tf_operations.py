"""TensorFlow's functions between layers (TFOpLambda), as tf.keras saves them, and what TensorFlow says of every branch.

    PYTHONPATH=KERAS python tools/reference/keras_tf_operations.py     (writes test/reference/keras/layers/tensorflow-functions)

KERAS is Keras 2.13 as for keras_tf2.py. The files are made as keras_layers.py makes its own.
"""

import json
from pathlib import Path

import numpy as np
import tensorflow.compat.v2 as tf
from keras_files import plain

if not hasattr(tf.__internal__, "register_load_context_function"):
    tf.__internal__.register_load_context_function = lambda function: None

import keras.layers as L
from keras.models import Model

OUT = Path(__file__).parents[2] / "test" / "reference" / "keras" / "layers"
SHAPES = {"small": (3, 4, 2), "plane": (3, 4), "square": (3, 3), "vector": (4,), "photo": (4, 3, 3)}
random = np.random.default_rng(3)
m, image, linalg = tf.math, tf.image, tf.linalg

CASES = [
    (lambda x: m.reduce_any(x > 0, axis=[1, 2]), "small"),
    (lambda x: m.reduce_all(x > -1, axis=-1, keepdims=True), "small"),
    (lambda x: m.asinh(x) + m.acosh(m.abs(x) + 1.1) + m.atanh(m.tanh(x) * 0.9), "small"),
    (lambda x: m.erfc(x) + m.erfinv(m.tanh(x) * 0.9), "small"),
    (lambda x: m.rint(x), "small"),
    (lambda x: m.is_nan(m.log(x)), "small"),
    (lambda x, y: m.atan2(x, y), "small", "small"),
    (lambda x, y: m.xlogy(x, m.abs(y)) + m.xdivy(x, y), "small", "small"),
    (lambda x, y: m.multiply_no_nan(x, m.round(y)), "small", "small"),
    (lambda x, y: m.squared_difference(x, y), "small", "small"),
    (lambda x, y: m.add_n([x, y, x]), "small", "small"),
    (lambda x: m.argmax(x), "plane"),
    (lambda x: m.cumsum(x, axis=1, reverse=True), "small"),
    (lambda x: m.cumsum(x), "plane"),
    (lambda x: m.cumprod(x, axis=-1), "plane"),
    (lambda x: m.l2_normalize(x, axis=[1, 2], epsilon=0.5), "small"),
    (lambda x: m.reduce_euclidean_norm(x, axis=-1), "small"),
    (lambda x: m.unsorted_segment_sum(tf.transpose(x), [0, 1, 1, 3], 4), "vector"),
    (lambda x: linalg.diag_part(x), "square"),
    (lambda x: linalg.diag(x), "plane"),
    (lambda x: linalg.band_part(x, 1, 0) + linalg.band_part(x, -1, 1), "square"),
    (lambda x: linalg.trace(x), "square"),
    (lambda x, y: linalg.cross(x, y), "square", "square"),
    (lambda x: linalg.matrix_transpose(x), "plane"),
    (lambda x: image.flip_left_right(image.flip_up_down(x)), "photo"),
    (lambda x: image.rot90(x), "photo"),
    (lambda x: image.transpose(x), "photo"),
    (lambda x: image.adjust_brightness(x, 0.3), "photo"),
    (lambda x: image.grayscale_to_rgb(x[..., :1]), "photo"),
    (lambda x: image.per_image_standardization(x), "photo"),
    (lambda x: image.crop_to_bounding_box(x, 1, 0, 2, 2), "photo"),
    (lambda x: image.pad_to_bounding_box(x, 1, 2, 6, 6), "photo"),
    (lambda x: tf.nn.moments(x, axes=[1, 2])[1], "small"),
    (lambda x: tf.nn.batch_normalization(x, np.ones(2, "float32"), np.ones(2, "float32"), None, None, 0.001), "small"),
    (lambda x: tf.nn.bias_add(x, np.array([1, 2], "float32")), "small"),
    (lambda x: tf.reverse(x, axis=[1, -1]), "small"),
    (lambda x: tf.gather(x, [1, 0]), "plane"),
    (lambda x: tf.gather_nd(x, [[0, 1], [1, 2]]), "plane"),
    (lambda x: tf.one_hot(tf.cast(x, "int32"), 4, on_value=2.0, off_value=-1.0, axis=1), "vector"),
    (lambda x: tf.slice(x, [0, 1, 0], [2, 2, -1]), "plane"),
    (lambda x: tf.sort(x, axis=1, direction="DESCENDING"), "plane"),
    (lambda x, y: tf.tensor_scatter_nd_add(x, [[0]], y[:1]), "vector", "vector"),
    (lambda x, y: tf.tensor_scatter_nd_max(x, [[1]], y[:1]) + tf.tensor_scatter_nd_min(x, [[0]], y[:1]), "vector", "vector"),
    (lambda x: image.adjust_contrast(x, 2.0), "photo"),
]
NO_GRADIENT = "adjust_contrast"


inputs, branches = {}, []
for function, *keys in CASES:
    names = [f"{key}_{keys[:i].count(key)}" for i, key in enumerate(keys)]
    for name, key in zip(names, keys):
        if name not in inputs:
            inputs[name] = L.Input(SHAPES[key], name=name)
    branches.append((names[0], function(*(inputs[name] for name in names))))
model = Model(list(inputs.values()), [output for _, output in branches])
model.save(OUT / "tensorflow-functions.h5")
values = {name: random.normal(0, 1.5, (2, *tensor.shape[1:])).astype("float32") for name, tensor in inputs.items()}
tensors = {name: tf.constant(value) for name, value in values.items()}
result = {"inputs": {name: plain(value) for name, value in values.items()}, "layers": {}}
with tf.GradientTape(persistent=True) as tape:
    for tensor in tensors.values():
        tape.watch(tensor)
    outputs = model(list(tensors.values()))
    sums = [tf.reduce_sum(tf.cos(tf.range(tf.size(y), dtype="float32")) * tf.reshape(y, [-1])) if y.dtype.is_floating else None for y in outputs]
for name, (first, _), output, total in zip(model.output_names, branches, outputs, sums):
    entry = result["layers"][name] = {"output": plain(output)}
    gradient = None if total is None or NO_GRADIENT in name else tape.gradient(total, tensors[first])
    if gradient is not None:
        entry |= {"wrt": first, "gradient": plain(tf.convert_to_tensor(gradient))}
(OUT / "tensorflow-functions.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
