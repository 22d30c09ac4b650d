"""Masks of Keras: steps that do not count, at the end, at the beginning, in between, everywhere; and several cells in one RNN.

    KERAS_BACKEND=tensorflow python tools/reference/keras_masks.py     (writes test/reference/keras/layers/masks*)

Files are like those of keras_layers.py. A Keras model's masks depend on the order of its layers, because MultiHeadAttention
takes them away from its inputs: `masks` has none of that layer, `masks-attention` has little else.
"""

import json
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from keras import ops
from keras_files import deflate, plain

OUT = Path(__file__).parents[2] / "test" / "reference" / "keras" / "layers"
STEPS, SIZE, BATCH = 5, 3, 4

random = np.random.default_rng(8)


def counted(batch=BATCH):
    """Which steps count: one item each with gaps at the end, at the beginning, in between, everywhere."""
    counts = np.ones((batch, STEPS), bool)
    counts[0, 3:] = counts[1, :2] = counts[2, 1:4:2] = False
    counts[3:] = False
    return counts


def series(counts):
    return (random.normal(0, 1, (*counts.shape, SIZE)) * counts[..., None]).astype("float32")


def cells():
    return [L.LSTMCell(3), L.GRUCell(2, reset_after=False), L.SimpleRNNCell(3)]


def masks():
    x, partly, tokens = keras.Input((STEPS, SIZE), name="series"), keras.Input((STEPS, SIZE), name="partly"), keras.Input((2, STEPS), name="tokens")
    state = keras.Input((3,), name="state")
    masked, some = L.Masking(name="masking")(x), L.Masking(name="some")(partly)
    given = ops.greater(x[:, :, 0], 0)
    sequence = L.LSTM(3, return_sequences=True, name="LSTM_sequences")(masked)
    yield masked, x
    yield sequence, x
    yield L.LSTM(3, name="LSTM")(masked), x
    yield L.GRU(3, return_sequences=True, go_backwards=True, zero_output_for_mask=True, name="GRU_zeros")(masked), x
    yield L.GRU(3, reset_after=False, unroll=True, activation="relu", name="GRU_unrolled")(masked), x
    yield from ((y, x) for y in L.LSTM(3, return_state=True, go_backwards=True, name="LSTM_states")(masked))
    yield from ((y, x) for y in L.SimpleRNN(3, return_state=True, name="SimpleRNN_from_state")(x, initial_state=[state], mask=given))
    yield L.SimpleRNN(3, name="SimpleRNN_unmasked")(masked, initial_state=[state]), x
    yield L.Bidirectional(L.LSTM(2, return_sequences=True), name="both")(sequence), x
    yield L.Bidirectional(L.GRU(2), merge_mode="sum", name="both_last")(masked), x
    yield from ((y, x) for y in keras.tree.flatten(list(L.RNN(cells(), return_state=True, go_backwards=True, name="cells")(masked))))
    yield L.RNN(cells(), return_sequences=True, name="cells_unmasked")(x), x
    yield L.Bidirectional(L.RNN([L.GRUCell(2), L.GRUCell(2)], return_sequences=True), name="cells_both")(masked), x
    yield L.TimeDistributed(L.RNN([L.SimpleRNNCell(2), L.SimpleRNNCell(3)]), name="cells_distributed")(L.Reshape((STEPS, SIZE, 1))(masked)), x
    yield L.TimeDistributed(L.LSTM(2, return_sequences=True), name="distributed")(L.Embedding(4, 3, mask_zero=True, name="embedding")(tokens)), None
    yield L.GlobalAveragePooling1D(name="mean")(some), partly
    yield L.GlobalMaxPooling1D(name="maximum_of_held")(sequence), x
    yield L.Softmax(name="softmax")(x[:, :, 1], mask=given), x
    yield L.ConvLSTM1D(2, 2, padding="same", return_sequences=True, name="ConvLSTM1D")(L.Reshape((STEPS, SIZE, 1))(x), mask=given), x
    for kind in (L.Multiply, L.Maximum, L.Minimum):
        both = kind(name=kind.__name__)([masked, some])
        yield both, x
        yield L.SimpleRNN(2, name=f"{kind.__name__}_masked")(both), x
    yield L.Maximum(name="maximum_of_one")([sequence, partly]), x
    yield L.SimpleRNN(2, name="concatenated")(L.Concatenate()([masked, partly])), x
    yield L.SimpleRNN(2, name="concatenated_in_time")(L.Concatenate(axis=1)([masked, partly, some])), x
    yield L.SimpleRNN(2, name="destroyed")(L.Conv1D(2, 1)(masked)), x
    inside = keras.Sequential([L.Dense(3, activation="tanh"), L.LSTM(2, return_sequences=True)], name="inside")
    yield L.SimpleRNN(2, name="nested")(inside(masked)), x
    yield L.Attention(name="attention")([masked, some]), x
    yield L.AdditiveAttention(name="attention_causal")([some, masked], use_causal_mask=True), x
    yield L.Attention(score_mode="concat", name="attention_given")([x, partly], mask=[None, given]), x


def attentions():
    x, partly = keras.Input((STEPS, SIZE), name="series"), keras.Input((STEPS, SIZE), name="partly")
    masked, some = L.Masking(name="masking")(x), L.Masking(name="some")(partly)
    grouped = L.GroupQueryAttention(3, 2, 1, name="grouped")(masked, some)
    heads = L.MultiHeadAttention(2, 2, name="heads")(grouped, some, use_causal_mask=True)
    # Its mask is gone, but not that of `heads`.
    left = L.Add(name="left")([masked, heads])
    again = L.MultiHeadAttention(2, 2, dropout=0.1, name="again")(heads, left)
    allowed = ops.greater(ops.matmul(x, ops.transpose(partly, (0, 2, 1))), 0)
    asked = L.MultiHeadAttention(2, 2, name="asked")(x, partly, attention_mask=allowed)
    return [(y, x) for y in (masked, grouped, heads, left, again, asked, L.LSTM(2, name="behind")(again))]


def write(name, cases):
    outputs = [y for y, _ in cases]
    names = []
    for y in outputs:
        operation, _, index = y._keras_history
        names.append(f"{operation.name}.{index}" if index else operation.name)
    order = ["series", "partly", "tokens", "state"]
    inputs = sorted(ends(outputs), key=lambda t: order.index(t.name))
    model = keras.Model(inputs, outputs, name=name)
    for weight in model.weights:
        weight.assign(random.normal(0, 0.6, weight.shape))
    model.save(OUT / f"{name}.keras")
    deflate(OUT / f"{name}.keras", keras.__version__)
    counts = counted()
    some = counts.copy()[[1, 2, 0, 0]]
    values = {"series": series(counts), "partly": series(some), "tokens": (random.integers(1, 4, (BATCH, 2, STEPS)) * np.stack([counts, some], 1)).astype("float32"), "state": random.normal(0, 1, (BATCH, 3)).astype("float32")}
    tensors = {t.name: tf.constant(values[t.name]) for t in inputs}
    with tf.GradientTape(persistent=True) as tape:
        for tensor in tensors.values():
            tape.watch(tensor)
        results = model([tensors[t.name] for t in inputs], training=False)
        sums = [tf.reduce_sum(tf.cos(tf.range(tf.size(y), dtype="float32")) * tf.reshape(y, [-1])) for y in results]
    found = {"inputs": {name: plain(tensors[name]) for name in tensors}, "layers": {}}
    for key, (_, source), y, total in zip(names, cases, results, sums):
        found["layers"][key] = {"output": plain(y)}
        if source is not None:
            found["layers"][key] |= {"wrt": source.name, "gradient": plain(tape.gradient(total, tensors[source.name]))}
    (OUT / f"{name}.json").write_text(json.dumps(found, separators=(",", ":")) + "\n")


def ends(outputs):
    """The inputs that outputs come from."""
    found, waiting, seen = {}, list(outputs), set()
    while waiting:
        tensor = waiting.pop()
        operation, index, _ = tensor._keras_history
        if (operation.name, index) in seen:
            continue
        seen.add((operation.name, index))
        node = operation._inbound_nodes[index]
        if node.is_input:
            found[tensor.name] = tensor
        waiting.extend(node.input_tensors)
    return found.values()


keras.utils.set_random_seed(3)
write("masks", list(masks()))
keras.backend.clear_session()
write("masks-attention", attentions())
