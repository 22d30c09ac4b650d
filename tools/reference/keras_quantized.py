"""Quantized layers, LoRA and embeddings that run backwards: small models of one layer a branch, as Keras saves them.

    KERAS_BACKEND=tensorflow python tools/reference/keras_quantized.py     (writes test/reference/keras/layers)

The `.json` beside each file is like those of keras_layers.py. What Keras 3.11 to 3.13 wrote is written here by hand.
"""

import io
import json
import warnings
import zipfile

import h5py
import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from keras import quantizers as Q
from keras.src.saving import saving_lib

from keras_files import deflate, plain
from keras_layers import OUT

MODELS = OUT.parent / "models"
SHAPES = {"vector": (6,), "series": (5, 4), "picture": (3, 4, 3), "index": (4,)}
warnings.filterwarnings("ignore", message=".*does not have a `quantize` method.*")
random = np.random.default_rng(4)


def inputs():
    return {f"{key}_0": keras.Input(shape, name=f"{key}_0") for key, shape in SHAPES.items()}


def dense(x, lora=None, **options):
    """Branches of layers with kernels: the name that Pellucid gives them, the input, the output."""
    vector, series, picture = x["vector_0"], x["series_0"], x["picture_0"]
    adapted = {"lora_rank": lora} if lora else {}
    yield "dense", "vector_0", L.Dense(4, activation="softmax", name="dense", **adapted, **options)(vector)
    yield "dense_series", "series_0", L.Dense(3, use_bias=False, name="dense_series", **options)(series)
    yield "dense_picture", "picture_0", L.Dense(5, activation="relu", name="dense_picture", **adapted, **options)(picture)
    heads = L.EinsumDense("abc,cde->abde", (None, 2, 3), bias_axes="de", name="heads", **adapted, **options)(series)
    yield "heads", "series_0", heads
    yield "joined", "series_0", L.EinsumDense("abde,def->abf", (None, 5), bias_axes="f", name="joined", **options)(heads)
    yield "turned", "series_0", L.EinsumDense("abc,dc->abd", (None, 3), name="turned", **options)(series)
    yield "plain", "vector_0", L.Dense(3, name="plain")(vector)


def embeddings(x, lora=None):
    index, series = x["index_0"], x["series_0"]
    adapted = {"lora_rank": lora} if lora else {}
    yield "embedding", "index_0", L.Embedding(7, 3, name="embedding", **adapted)(index)
    tied = L.ReversibleEmbedding(7, 4, name="tied", **adapted)
    own = L.ReversibleEmbedding(7, 4, tie_weights=False, logit_soft_cap=1.5, name="own")
    for layer in (tied, own):
        yield layer.name, "index_0", layer(index)
        yield f"{layer.name}:1", "series_0", layer(series, reverse=True)


def randomize(model):
    """Random weights; of those that are integers already, every value that they can have."""
    for weight in model.weights:
        if weight.dtype == "float32" and "history" not in weight.path and "g_idx" not in weight.path:
            spread = random.uniform(0.5, 1.5, weight.shape) if "scale" in weight.path else random.normal(0, 0.5, weight.shape)
            weight.assign(spread)
        elif weight.dtype == "uint8":
            weight.assign(random.integers(0, 16 if "zero" in weight.path else 256, weight.shape).astype("uint8"))


def write(name, model, cases, suffixes=("keras",)):
    for suffix in suffixes:
        model.save(OUT / f"{name}.{suffix}")
    if "keras" in suffixes:
        deflate(OUT / f"{name}.keras", keras.__version__)
    values = {key: draw(key, tensor.shape[1:]) for key, tensor in ((tensor.name, tensor) for tensor in model.inputs)}
    tensors = {key: tf.constant(value) for key, value in values.items()}
    with tf.GradientTape(persistent=True) as tape:
        for tensor in tensors.values():
            tape.watch(tensor)
        outputs = model(list(tensors.values()), training=False)
        sums = [tf.reduce_sum(tf.cos(tf.range(tf.size(y), dtype="float32")) * tf.reshape(y, [-1])) for y in outputs]
    result = {"inputs": {key: plain(value) for key, value in values.items()}, "layers": {}}
    for (branch, source, _), output, total in zip(cases, outputs, sums):
        entry = result["layers"][branch] = {"output": plain(output)}
        if "float8" in name:
            # With TensorFlow Keras fails to differentiate these layers; of a linear one it is the seed times the kernel.
            if branch == "dense_series":
                layer = model.get_layer(branch)
                kernel = Q.quantize_and_dequantize(layer.kernel, layer.kernel_scale, "float8_e4m3fn", "float32")
                seed = np.cos(np.arange(np.size(output))).reshape(output.shape)
                entry |= {"wrt": source, "gradient": plain(seed @ np.asarray(kernel).T)}
        elif source != "index_0":
            entry |= {"wrt": source, "gradient": plain(tape.gradient(total, tensors[source]))}
    (OUT / f"{name}.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


def draw(key, shape):
    return random.integers(0, 7, (2, *shape)).astype("float32") if key == "index_0" else random.normal(0, 1.5, (2, *shape)).astype("float32")


def model_of(*families, **options):
    x = inputs()
    cases = [case for family in families for case in family(x, **options)]
    used = {source for _, source, _ in cases}
    model = keras.Model([tensor for key, tensor in x.items() if key in used], [output for _, _, output in cases])
    randomize(model)
    return model, cases


def quantize(model, config):
    model.quantize(config=config, filters="^(?!plain)")


def rewrite_as_old(path, model):
    """Keras 3.11 to 3.13: four bits packed along the inputs, scales that lie as the output does, and no `quantization_config`."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    config = json.loads(members["config.json"])
    for layer in config["config"]["layers"]:
        layer["config"].pop("quantization_config", None)
        policy = layer["config"]["dtype"]
        if isinstance(policy, dict) and policy["class_name"] == "Int4DTypePolicy":
            policy |= {"class_name": "QuantizedDTypePolicy", "config": {"mode": "int4", "source_name": "float32"}}
    members["config.json"] = json.dumps(config).encode()
    members["metadata.json"] = json.dumps({"keras_version": "3.12.0"}).encode()
    file = io.BytesIO(members["model.weights.h5"])
    with h5py.File(file, "r+") as weights:
        counts = {}
        for layer in model.layers:
            kind = saving_lib.naming.to_snake_case(type(layer).__name__)
            place = f"layers/{kind}_{counts[kind]}/vars" if counts.get(kind) else f"layers/{kind}/vars"
            counts[kind] = counts.get(kind, 0) + 1
            if layer.quantization_mode == "int4":
                scale = layer.kernel_scale.numpy()
                if isinstance(layer, L.EinsumDense):
                    kept = [label in layer.equation.split(",")[1].split("->")[0] for label in layer.equation.split("->")[1]]
                    sizes = iter(size for size, label in zip(layer.original_kernel_shape, layer.equation.split(",")[1]) if label in layer.equation.split("->")[1])
                    scale = scale.reshape([next(sizes) if here else 1 for here in kept])
                replace(weights[place], "0", Q.pack_int4(keras.ops.cast(layer.kernel, "int8"), axis=0)[0].numpy())
                replace(weights[place], str(len(weights[place]) - 1), scale)
    members["model.weights.h5"] = file.getvalue()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)


def replace(group, name, data):
    del group[name]
    group[name] = data


def calibrated(policy):
    """Layers as GPTQ and AWQ leave them, with random numbers in place of calibrated ones."""
    model, cases = model_of(dense, dtype=f"{policy}_from_float32")
    for layer in model.layers:
        for flag in ("is_gptq_calibrated", "is_awq_calibrated"):
            if hasattr(layer, flag):
                setattr(layer, flag, True)
        if hasattr(layer, "g_idx"):
            layer.kernel_scale.assign(random.uniform(0.02, 0.1, layer.kernel_scale.shape))
            # As an order by activations leaves them.
            layer.g_idx.assign(random.integers(0, layer.kernel_scale.shape[1], layer.g_idx.shape).astype("float32"))
    return model, cases


def main():
    keras.utils.set_random_seed(4)
    write("embeddings", *model_of(embeddings))
    write("lora", *model_of(dense, embeddings, lora=2), ("keras", "h5"))

    for name, config in {
        "int8": Q.Int8QuantizationConfig(),
        "int8-weights": Q.Int8QuantizationConfig(activation_quantizer=None),
        "int4": Q.Int4QuantizationConfig(block_size=3),
        "int4-columns": Q.Int4QuantizationConfig(block_size=None, activation_quantizer=Q.AbsMaxQuantizer(value_range=(-20, 60), epsilon=1e-3)),
    }.items():
        model, cases = model_of(dense, embeddings)
        quantize(model, config)
        write(name, model, cases, ("keras", "h5") if name == "int8" else ("keras",))

    model, cases = model_of(dense)
    quantize(model, Q.Int4QuantizationConfig(block_size=None, activation_quantizer=Q.AbsMaxQuantizer()))
    cases = [case for case in cases if case[0] != "turned"]
    model = keras.Model(model.inputs, [output for _, _, output in cases])
    write("int4-old", model, cases)
    rewrite_as_old(OUT / "int4-old.keras", model)

    model, cases = model_of(dense, lora=2)
    quantize(model, Q.Int8QuantizationConfig())
    write("int8-lora", model, cases, ("h5",))

    model, cases = model_of(dense)
    quantize(model, Q.Float8QuantizationConfig())
    for weight in model.weights:
        if weight.shape == ():
            weight.assign(random.uniform(0.002, 0.02))
    write("float8", model, cases)

    write("gptq", *calibrated("gptq/8/2"), ("h5",))
    write("awq", *calibrated("awq/4/3"), ("h5",))

    # Files that are refused. Keras 3.14 and 3.15 leave GPTQ's and AWQ's zeros out of `.keras`, and cannot open it themselves.
    calibrated("awq/4/3")[0].save(MODELS / "awq.keras")
    deflate(MODELS / "awq.keras", keras.__version__)

    # Keras forgets that the parts of this layer are quantized, and cannot open it itself.
    x = keras.Input((3, 4), name="x")
    heads = keras.Model(x, L.MultiHeadAttention(2, 2, name="heads")(x, x))
    heads.quantize("int8")
    heads.save(MODELS / "int8-heads.keras")
    deflate(MODELS / "int8-heads.keras", keras.__version__)

    # What Keras writes where h5py is missing: a pickled dictionary for every layer.
    store = saving_lib.NpzIOStore("model.weights.npz", archive=(archive := zipfile.ZipFile(MODELS / "pickled.keras", "w")), mode="w")
    tiny = keras.Sequential([keras.Input((3,)), L.Dense(2)])
    saving_lib._save_state(tiny, weights_store=store, assets_store=None, inner_path="", visited_saveables=set())
    store.close()
    archive.writestr("config.json", json.dumps(keras.saving.serialize_keras_object(tiny)))
    archive.writestr("metadata.json", json.dumps({"keras_version": keras.__version__}))
    archive.close()


main()
