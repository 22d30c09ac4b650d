"""cuDNN's recurrent layers in a file that tf.keras wrote, and what tf.keras says of it where there is no GPU.

    PYTHONPATH=… python tools/reference/keras_cudnn.py     (tf_keras 2.15 or later; writes test/reference/keras/layers)

A model of CuDNNLSTM and CuDNNGRU is built and saved; the same model of LSTM and GRU loads the file, which makes Keras convert
the weights, and gives the numbers. The `.json` is as that of keras_layers.py.
"""

import json
from pathlib import Path

import numpy as np
import tensorflow as tf
import tf_keras as keras
from keras_files import plain

try:
    from tf_keras.src.layers.rnn.cudnn_gru import CuDNNGRU
    from tf_keras.src.layers.rnn.cudnn_lstm import CuDNNLSTM
except ImportError:
    from tf_keras.layers.rnn.cudnn_gru import CuDNNGRU
    from tf_keras.layers.rnn.cudnn_lstm import CuDNNLSTM

L = keras.layers
OUT = Path(__file__).parents[2] / "test" / "reference" / "keras" / "layers"
random = np.random.default_rng(11)
BRANCHES = {"lstm": {}, "gru": {}, "lstm_all": {"return_sequences": True}, "gru_all": {"return_sequences": True, "go_backwards": True}, "lstm_both": {"return_sequences": True}, "gru_both": {}}


def model_of(lstm, gru):
    x = L.Input((5, 4), name="series")
    layer = lambda name, options: (lstm if name.startswith("lstm") else gru)(3, name=f"{name}_one" if "both" in name else name, **options)
    branch = lambda name, options: L.Bidirectional(layer(name, options), name=name) if "both" in name else layer(name, options)
    return keras.Model(x, [branch(name, options)(x) for name, options in BRANCHES.items()])


def plain_gru(units, **options):
    return L.GRU(units, reset_after=True, recurrent_activation="sigmoid", **options)


model = model_of(CuDNNLSTM, CuDNNGRU)
model.set_weights([random.normal(0, 0.5, w.shape) for w in model.get_weights()])
model.save(OUT / "cudnn.h5")
stand_in = model_of(L.LSTM, plain_gru)
stand_in.load_weights(OUT / "cudnn.h5")

series = random.normal(0, 1, (2, 5, 4)).astype("float32")
layers = {}
for i, name in enumerate(BRANCHES):
    x = tf.constant(series)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = stand_in(x)[i]
        total = tf.reduce_sum(tf.cos(tf.range(tf.size(y), dtype="float32")) * tf.reshape(y, [-1]))
    layers[name] = {"output": plain(y), "wrt": "series", "gradient": plain(tape.gradient(total, x))}
result = {"inputs": {"series": plain(series)}, "layers": layers}
(OUT / "cudnn.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")
