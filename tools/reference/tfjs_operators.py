"""TensorFlow's operators one by one, in TensorFlow.js's graph-model format: what TensorFlow computes, and its gradients.

    python tools/reference/tfjs_operators.py [FAMILY ...]        (tensorflow; writes test/reference/tfjs/operators/*.json.gz)

Add a case in tools/reference/tfjs_cases/FAMILY.py: a function, its inputs, and another function to compute with
where TensorFlow cannot compute the first. Inputs are shapes of random numbers, or arrays. The gradient of output i is that of Σ seed · output, see `seed`.
"""

import base64
import gzip
import importlib
import json
import pkgutil
import sys

from tfjs_graphs import OUT, MessageToDict, convert_variables_to_constants_v2, np, split_weights, tf

import tfjs_cases

DTYPES = {"float32": "<f4", "int32": "<i4", "int64": "<i8", "bool": "u1", "uint8": "u1", "int8": "i1"}
TYPES = {tf.float32: "DT_FLOAT", tf.int32: "DT_INT32", tf.int64: "DT_INT64", tf.bool: "DT_BOOL", tf.uint8: "DT_UINT8"}


def seed(shape):
    """Numbers that both sides can compute: 0.25 + ((7k mod 5) - 2) / 2."""
    k = np.arange(int(np.prod(shape)))
    return (0.25 + ((7 * k) % 5 - 2) / 2).astype("f4").reshape(shape)


def listed(results):
    """The outputs of a function as a list; named tuples of operators count as lists."""
    return list(results) if isinstance(results, (list, tuple)) else [results]


def gradients(function, inputs):
    """[output, input, gradient] for every pair of floats that TensorFlow differentiates."""
    found = []
    variables = [tf.constant(x) for x in inputs]
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([x for x in variables if x.dtype == tf.float32])
        results = listed(function(*variables))
        losses = [tf.reduce_sum(y * seed(y.shape)) if y.dtype == tf.float32 else None for y in results]
    for i, loss in enumerate(losses):
        for j, x in enumerate(variables):
            if loss is None or x.dtype != tf.float32:
                continue
            try:
                dx = tape.gradient(loss, x)
            except (LookupError, tf.errors.InvalidArgumentError):
                # No rule, or one that takes no tensors of this rank.
                dx = None
            if dx is not None:
                found.append({"output": i, "input": j, "data": encode(tf.convert_to_tensor(dx).numpy())})
    return found


def encode(value):
    return base64.b64encode(np.ascontiguousarray(value).astype(DTYPES[value.dtype.name]).tobytes()).decode()


def tensor(name, value):
    return {"name": name, "shape": list(value.shape), "dtype": value.dtype.name, "data": encode(value)}


def case(name, random, function, inputs, reference=None):
    inputs = [random.standard_normal(x).astype("f4") if isinstance(x, tuple) else x for x in inputs]
    traced = tf.function(lambda *x: [tf.identity(y) for y in listed(function(*x))], autograph=False)
    concrete = convert_variables_to_constants_v2(traced.get_concrete_function(*[tf.TensorSpec(x.shape, x.dtype) for x in inputs]))
    results = [y.numpy() for y in listed((reference or concrete)(*[tf.constant(x) for x in inputs]))]
    graph = concrete.graph.as_graph_def()
    weights, data = split_weights(graph)
    # What TensorFlow notes beside its operators is of no use here.
    for node in graph.node:
        for key in [key for key in node.attr if key.startswith("_") or node.op == "Const"]:
            del node.attr[key]
    signature = {
        "inputs": {t.op.name: {"name": t.name, "dtype": TYPES[t.dtype]} for t in concrete.inputs},
        "outputs": {f"output_{i}": {"name": t.name} for i, t in enumerate(concrete.outputs)},
    }
    model = {"format": "graph-model", "signature": signature, "modelTopology": MessageToDict(graph), "weightsManifest": [{"paths": ["weights.bin"], "weights": weights}]}
    del model["modelTopology"]["versions"]
    return {
        "name": name,
        "operators": sorted({node.op for node in graph.node}),
        "model": model,
        "weights": base64.b64encode(data).decode(),
        "inputs": [tensor(t.op.name, x) for t, x in zip(concrete.inputs, inputs)],
        "outputs": [tensor(t.op.name, y) for t, y in zip(concrete.outputs, results)],
        "gradients": gradients(reference or function, inputs),
    }


def main(families):
    folder = OUT / "operators"
    folder.mkdir(parents=True, exist_ok=True)
    for family in families or sorted(module.name for module in pkgutil.iter_modules(tfjs_cases.__path__) if module.name != "common"):
        cases = importlib.import_module(f"tfjs_cases.{family}").CASES
        random = np.random.default_rng(11)
        written = [case(name, random, *spec) for name, spec in cases.items()]
        (folder / f"{family}.json.gz").write_bytes(gzip.compress(json.dumps(written, separators=(",", ":")).encode(), mtime=0))
        print(family, len(written), "cases:", *sorted({op for c in written for op in c["operators"]}))


if __name__ == "__main__":
    main(sys.argv[1:])
