"""Small TensorFlow graphs in TensorFlow.js's graph-model format, with the numbers that TensorFlow itself computes.

    python tools/reference/tfjs_graphs.py        (tensorflow; writes test/reference/tfjs/graphs.json)
"""

import base64
import json
import os
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow as tf
from google.protobuf.json_format import MessageToDict
from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2
from tensorflow.python.grappler import tf_optimizer

OUT = Path(__file__).parents[2] / "test" / "reference" / "tfjs"
random = np.random.default_rng(7)
raw = tf.raw_ops


def weight(*shape):
    return tf.constant(random.standard_normal(shape).round(2).astype("f4"))


PICTURE = (2, 7, 6, 3)
SMALL = (2, 3, 4)
VOLUME = (2, 4, 5, 4, 2)

K = weight(3, 2, 3, 4)
KERNEL_3 = weight(3, 3, 3, 3)
BIAS, BIAS_6 = weight(4), weight(6)
DEPTHWISE = weight(3, 3, 3, 2)
FOUR = [weight(3), weight(3), weight(3), tf.abs(weight(3)) + 0.5]


def batch_norm(x):
    return raw.FusedBatchNormV3(x=x, scale=FOUR[0], offset=FOUR[1], mean=FOUR[2], variance=FOUR[3], epsilon=0.01, is_training=False).y


def conv(x, **options):
    return raw.Conv2D(input=x, filter=K, **{"strides": [1, 1, 1, 1], "padding": "VALID", **options})


def flatten(x):
    """As Keras's Flatten: the batch size is computed from the shape."""
    shape = tf.shape(x)
    return tf.reshape(x, tf.stack([shape[0], -1]))


# Name: function, shapes of its inputs, options.
CASES = {
    "Conv2D VALID": (conv, [PICTURE]),
    "Conv2D SAME, strides": (lambda x: conv(x, strides=[1, 2, 3, 1], padding="SAME"), [PICTURE]),
    "Conv2D dilated": (lambda x: conv(x, dilations=[1, 2, 2, 1], padding="SAME"), [PICTURE]),
    "Conv2D EXPLICIT": (lambda x: conv(x, padding="EXPLICIT", explicit_paddings=[0, 0, 1, 2, 0, 3, 0, 0]), [PICTURE]),
    "DepthwiseConv2dNative": (lambda x: raw.DepthwiseConv2dNative(input=x, filter=DEPTHWISE, strides=[1, 2, 2, 1], padding="SAME"), [PICTURE]),
    "Conv2DBackpropInput SAME": (
        lambda x: raw.Conv2DBackpropInput(input_sizes=[2, 13, 12, 4], filter=weight(3, 3, 4, 3), out_backprop=x, strides=[1, 2, 2, 1], padding="SAME"),
        [PICTURE],
    ),
    "Conv2DBackpropInput VALID": (
        lambda x: raw.Conv2DBackpropInput(input_sizes=[2, 16, 13, 4], filter=weight(3, 2, 4, 3), out_backprop=x, strides=[1, 2, 2, 1], padding="VALID"),
        [PICTURE],
    ),
    "dilated through batches": (
        lambda x: raw.BatchToSpaceND(
            input=conv(raw.SpaceToBatchND(input=x, block_shape=[2, 2], paddings=[[2, 3], [1, 1]])), block_shape=[2, 2], crops=[[0, 1], [0, 0]]
        ),
        [PICTURE],
    ),
    "BiasAdd, Relu6": (lambda x: raw.Relu6(features=raw.BiasAdd(value=conv(x), bias=weight(4))), [PICTURE]),
    "FusedBatchNormV3": (batch_norm, [PICTURE]),
    "batch normalization in parts": (
        lambda x: conv(x) * (tf.math.rsqrt(tf.abs(weight(4)) + 0.1) * weight(4)) + weight(4),
        [PICTURE],
    ),
    "LRN": (lambda x: raw.LRN(input=x, depth_radius=1, bias=1.5, alpha=0.3, beta=0.7), [PICTURE]),
    "MaxPool SAME": (lambda x: raw.MaxPool(input=x, ksize=[1, 3, 2, 1], strides=[1, 2, 2, 1], padding="SAME"), [PICTURE]),
    "AvgPool SAME": (lambda x: raw.AvgPool(value=x, ksize=[1, 3, 3, 1], strides=[1, 2, 2, 1], padding="SAME"), [PICTURE]),
    "AvgPool VALID": (lambda x: raw.AvgPool(value=x, ksize=[1, 2, 3, 1], strides=[1, 2, 1, 1], padding="VALID"), [PICTURE]),
    "Mean over space, Squeeze, MatMul": (lambda x: tf.matmul(tf.squeeze(tf.reduce_mean(conv(x), [1, 2], keepdims=True), [1, 2]), weight(4, 5)), [PICTURE]),
    "Mean over channels": (lambda x: tf.reduce_mean(conv(x), -1), [PICTURE]),
    "Sum, Max, Min, Prod": (lambda x: tf.reduce_sum(x, 1) + tf.reduce_max(x, 1) * tf.reduce_min(x, 1) - tf.reduce_prod(x, 1), [SMALL]),
    "ArgMax": (lambda x: tf.cast(tf.argmax(conv(x), 3), tf.float32), [PICTURE]),
    "flatten by shape, MatMul transposed": (lambda x: tf.matmul(flatten(conv(x)), weight(5, 100), transpose_b=True), [PICTURE]),
    "BatchMatMulV2": (lambda x: tf.matmul(x, x, adjoint_b=True), [SMALL]),
    "Einsum": (lambda x: tf.einsum("bij,jk->bki", x, weight(4, 2)), [SMALL]),
    "Softmax over channels": (lambda x: tf.nn.softmax(conv(x)), [PICTURE]),
    "LogSoftmax": (tf.nn.log_softmax, [SMALL]),
    "activations": (
        lambda x: tf.concat(
            [tf.nn.elu(x), tf.nn.selu(x), tf.nn.relu(x), tf.abs(x), tf.nn.leaky_relu(x, 0.3), tf.sigmoid(x), tf.tanh(x), tf.nn.softplus(x), tf.nn.softsign(x), tf.math.erf(x)], 0
        ),
        [SMALL],
    ),
    "functions": (
        lambda x: tf.concat(
            [tf.exp(x), tf.math.log(tf.abs(x) + 1), tf.sqrt(tf.square(x)), tf.math.log1p(tf.abs(x)), tf.math.expm1(x), tf.sign(x), tf.floor(x), tf.round(x)], 0
        ),
        [SMALL],
    ),
    "hard swish": (lambda x: x * raw.Relu6(features=x + 3) * (1 / 6), [SMALL]),
    "ClipByValue": (lambda x: raw.ClipByValue(t=x, clip_value_min=-0.5, clip_value_max=0.75), [SMALL]),
    "arithmetic with broadcasting": (
        lambda x: (conv(x) + weight(4)) * weight(1, 6, 1, 1)[:, :5] - tf.maximum(weight(5, 4), 0.1) / (tf.abs(conv(x)) + 1),
        [PICTURE],
    ),
    "residual": (lambda x: tf.nn.relu(conv(x, padding="SAME") + tf.tile(x, [1, 1, 1, 2])[..., :4]), [PICTURE]),
    "squared difference, power": (lambda x: tf.math.squared_difference(x, 0.5) ** 1.5, [SMALL]),
    "DivNoNan": (lambda x: tf.math.divide_no_nan(x, tf.nn.relu(x)), [SMALL]),
    "comparison and choice": (lambda x: tf.where(tf.logical_and(x > 0.2, x <= 1.0), x, -x), [SMALL]),
    "AddN": (lambda x: raw.AddN(inputs=[x, x * 2, x * x]), [SMALL]),
    "FloorDiv, FloorMod": (lambda x: x // 0.3 + x % 0.7, [SMALL]),
    "two inputs": (lambda x, y: conv(x) + tf.reshape(y, [2, 5, 5, 1]), [PICTURE, (2, 25)]),
    "Concat over channels": (lambda x: tf.concat([conv(x, padding="SAME"), x], -1), [PICTURE]),
    "Pack": (lambda x: tf.stack([x, x * 2], 1), [SMALL]),
    "Pack over channels": (lambda x: tf.stack([conv(x), conv(x) * 2], 3), [PICTURE]),
    "Unpack": (lambda x: tf.add_n(tf.unstack(conv(x), axis=3)), [PICTURE]),
    "Split": (lambda x: raw.Sub(x=tf.split(conv(x), 2, -1)[0], y=tf.split(conv(x), 2, -1)[1]), [PICTURE]),
    "SplitV": (lambda x: tf.split(conv(x), [1, -1], 3)[1], [PICTURE]),
    "Slice": (lambda x: tf.slice(conv(x), [0, 1, 0, 1], [2, 2, -1, 3]), [PICTURE]),
    "StridedSlice, every mask": (lambda x: conv(x)[:, 1::2, ..., tf.newaxis, -1], [PICTURE]),
    "StridedSlice backwards": (lambda x: conv(x)[:, ::-1, 3:0:-2], [PICTURE]),
    "Transpose": (lambda x: tf.transpose(conv(x), [0, 3, 2, 1]) * 2, [PICTURE]),
    "channel shuffle": (lambda x: tf.reshape(tf.transpose(tf.reshape(conv(x), [2, 5, 5, 2, 2]), [0, 1, 2, 4, 3]), [2, 5, 5, 4]), [PICTURE]),
    "ExpandDims": (lambda x: tf.expand_dims(tf.reduce_mean(conv(x), 1), 1) + conv(x), [PICTURE]),
    "convolution along one axis": (
        lambda x: tf.squeeze(raw.Conv2D(input=tf.expand_dims(x, 1), filter=weight(1, 2, 4, 5), strides=[1, 1, 1, 1], padding="SAME"), [1]),
        [SMALL],
    ),
    "Gather": (lambda x: tf.gather(conv(x), [2, 0, 2], axis=3), [PICTURE]),
    "Tile": (lambda x: tf.tile(conv(x), [1, 2, 1, 2]), [PICTURE]),
    "Pad": (lambda x: tf.pad(conv(x), [[0, 0], [1, 2], [0, 3], [0, 1]]), [PICTURE]),
    "PadV2": (lambda x: tf.pad(conv(x), [[0, 0], [1, 0], [0, 1], [0, 0]], constant_values=-1.5), [PICTURE]),
    "MirrorPad": (lambda x: tf.pad(conv(x), [[0, 0], [1, 2], [2, 0], [0, 0]], "REFLECT"), [PICTURE]),
    "Fill, ZerosLike, OnesLike, BroadcastTo": (
        lambda x: tf.fill(tf.shape(x), 0.5) * x + tf.zeros_like(x) + tf.ones_like(x) + tf.broadcast_to(tf.reduce_mean(x, 1, keepdims=True), tf.shape(x)),
        [SMALL],
    ),
    "ResizeBilinear": (lambda x: raw.ResizeBilinear(images=conv(x), size=[9, 8]), [PICTURE]),
    "ResizeBilinear half pixels": (lambda x: raw.ResizeBilinear(images=conv(x), size=[9, 3], half_pixel_centers=True), [PICTURE]),
    "ResizeBilinear corners": (lambda x: raw.ResizeBilinear(images=conv(x), size=[9, 8], align_corners=True), [PICTURE]),
    "ResizeNearestNeighbor": (lambda x: raw.ResizeNearestNeighbor(images=conv(x), size=[9, 7]), [PICTURE]),
    "ResizeNearestNeighbor half pixels": (lambda x: raw.ResizeNearestNeighbor(images=conv(x), size=[9, 7], half_pixel_centers=True), [PICTURE]),
    "ResizeNearestNeighbor corners": (lambda x: raw.ResizeNearestNeighbor(images=conv(x), size=[9, 7], align_corners=True), [PICTURE]),
    "resize to a multiple of the shape": (lambda x: raw.ResizeNearestNeighbor(images=conv(x), size=tf.shape(conv(x))[1:3] * 2), [PICTURE]),
    "DepthToSpace": (lambda x: tf.nn.depth_to_space(conv(x), 2), [PICTURE]),
    "SpaceToDepth": (lambda x: tf.nn.space_to_depth(x, 2), [(2, 6, 4, 3)]),
    "Identity, StopGradient": (lambda x: tf.identity(tf.stop_gradient(conv(x))), [PICTURE]),
    "two outputs": (lambda x: [tf.nn.relu(conv(x)), tf.reduce_mean(conv(x), [1, 2])], [PICTURE]),
    "batch normalization fused": (
        lambda x: tf.nn.relu(batch_norm(raw.Conv2D(input=x, filter=KERNEL_3, strides=[1, 1, 1, 1], padding="SAME"))),
        [PICTURE],
        {"fuse": True},
    ),
    "bias and activation fused": (lambda x: raw.Relu6(features=raw.BiasAdd(value=conv(x), bias=BIAS)), [PICTURE], {"fuse": True}),
    "bias and LeakyRelu fused": (lambda x: tf.nn.leaky_relu(raw.BiasAdd(value=conv(x), bias=BIAS), 0.35), [PICTURE], {"fuse": True}),
    "depthwise convolution fused": (
        lambda x: tf.nn.relu6(raw.BiasAdd(value=raw.DepthwiseConv2dNative(input=x, filter=DEPTHWISE, strides=[1, 1, 1, 1], padding="SAME"), bias=BIAS_6)),
        [PICTURE],
        {"fuse_depthwise": True},
    ),
    "dense layer fused": (lambda x: tf.nn.relu(raw.BiasAdd(value=tf.matmul(x, weight(6, 4)), bias=BIAS)), [(3, 6)], {"fuse": True}),
    # TensorFlow has no such operator: TensorFlow.js's converter makes it.
    "Prelu": (lambda x: conv(x) + BIAS, [PICTURE], {"rename": {"AddV2": "Prelu"}, "expected": lambda x: tf.maximum(conv(x), 0) + BIAS * tf.minimum(conv(x), 0)}),
    "MirrorPad SYMMETRIC": (lambda x: tf.pad(conv(x), [[0, 0], [1, 2], [2, 0], [1, 0]], "SYMMETRIC"), [PICTURE]),
    "Conv3D": (lambda x: raw.Conv3D(input=x, filter=weight(2, 3, 2, 2, 3), strides=[1, 2, 1, 1, 1], padding="SAME"), [VOLUME]),
    "MaxPool3D, AvgPool3D": (
        lambda x: raw.AvgPool3D(input=raw.MaxPool3D(input=x, ksize=[1, 2, 2, 1, 1], strides=[1, 1, 2, 1, 1], padding="VALID"), ksize=[1, 1, 2, 2, 1], strides=[1, 1, 1, 2, 1], padding="SAME"),
        [VOLUME],
    ),
    "AvgPool SAME with gaps": (lambda x: raw.AvgPool(value=x, ksize=[1, 1, 2, 1], strides=[1, 3, 4, 1], padding="SAME"), [PICTURE]),
}


def freeze(function, shapes, fuse):
    """The graph with its constants in it; fused as TensorFlow.js's converter has it fused."""
    # An unknown batch, as in saved models; a constant shape otherwise.
    specs = [tf.TensorSpec([None, *shape[1:]] if fuse or len(shape) == 2 else shape, tf.float32) for shape in shapes]
    concrete = convert_variables_to_constants_v2(tf.function(function, autograph=False).get_concrete_function(*specs))
    graph = concrete.graph.as_graph_def()
    return concrete, optimize(concrete, graph) if fuse else graph


def optimize(concrete, graph):
    for node in graph.node:
        # The remapper fuses for the CPU only.
        node.device = "/device:CPU:0"
    meta = tf.compat.v1.train.export_meta_graph(graph_def=graph, graph=concrete.graph)
    fetches = meta_graph_pb2.CollectionDef()
    fetches.node_list.value.extend(tensor.name for tensor in concrete.outputs)
    meta.collection_def["train_op"].CopyFrom(fetches)
    config = config_pb2.ConfigProto()
    config.graph_options.rewrite_options.optimizers.extend(["pruning", "constfold", "dependency", "remap"])
    return tf_optimizer.OptimizeGraph(config, meta)


def fuse_depthwise(graph):
    """Bias and Relu6 into the depthwise convolution: what the converter does itself, for TensorFlow does not."""
    nodes = {node.name: node for node in graph.node}
    fused = next(node for node in graph.node if node.op == "Relu6")
    bias = nodes[fused.input[0]]
    depthwise = nodes[bias.input[0]]
    fused.op = "FusedDepthwiseConv2dNative"
    fused.input[:] = [*depthwise.input, bias.input[1]]
    for key, value in depthwise.attr.items():
        fused.attr[key].CopyFrom(value)
    fused.attr["fused_ops"].list.s.extend([b"BiasAdd", b"Relu6"])
    fused.attr["num_args"].i = 1
    graph.node.remove(bias)
    graph.node.remove(depthwise)


def split_weights(graph):
    """Constants out of the graph, back to back, as the converter writes them."""
    entries, data = [], b""
    for node in graph.node:
        if node.op != "Const":
            continue
        value = tf.make_ndarray(node.attr["value"].tensor)
        value = value.astype({"int64": "int32", "float64": "float32"}.get(value.dtype.name, value.dtype))
        entries.append({"name": node.name, "shape": list(value.shape), "dtype": value.dtype.name})
        data += value.astype(value.dtype.newbyteorder("<")).tobytes()
        node.attr["value"].Clear()
    return entries, data


def case(name, spec):
    function, shapes, *rest = spec
    options = rest[0] if rest else {}
    concrete, graph = freeze(function, shapes, options.get("fuse", False))
    if options.get("fuse_depthwise"):
        fuse_depthwise(graph)
    for node in graph.node:
        node.op = options.get("rename", {}).get(node.op, node.op)
        node.device = ""
    inputs = [random.standard_normal(shape).astype("f4") for shape in shapes]
    results = options.get("expected", concrete)(*[tf.constant(x) for x in inputs])
    results = results if isinstance(results, (list, tuple)) else [results]
    weights, data = split_weights(graph)
    signature = {
        "inputs": {t.op.name: {"name": t.name, "dtype": "DT_FLOAT"} for t in concrete.inputs},
        "outputs": {f"output_{i}": {"name": t.name, "dtype": "DT_FLOAT"} for i, t in enumerate(concrete.outputs)},
    }
    model = {"format": "graph-model", "signature": signature, "modelTopology": MessageToDict(graph), "weightsManifest": [{"paths": ["weights.bin"], "weights": weights}]}
    return {
        "name": name,
        "operators": sorted({node.op for node in graph.node}),
        "model": model,
        "weights": base64.b64encode(data).decode(),
        "inputs": [tensor(t.op.name, x) for t, x in zip(concrete.inputs, inputs)],
        "outputs": [tensor(t.op.name, y.numpy()) for t, y in zip(concrete.outputs, results)],
    }


def tensor(name, value):
    return {"name": name, "shape": list(value.shape), "data": base64.b64encode(value.astype("<f4").tobytes()).decode()}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    cases = [case(name, spec) for name, spec in CASES.items()]
    (OUT / "graphs.json").write_text("\n".join(["[", ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases), "]"]) + "\n")
    print(len(cases), "graphs,", len({op for c in cases for op in c["operators"]}), "operators:", *sorted({op for c in cases for op in c["operators"]}))


if __name__ == "__main__":
    main()
