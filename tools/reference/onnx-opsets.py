"""Writes small ONNX models of many opsets to test/reference/onnx-opsets.

Every file holds the operators whose form changed between opsets, each with an output of its own. Prints how ONNX's own
version converter fares, where it can bring a family to opset 21.

    python tools/reference/onnx-opsets.py
"""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto, helper, numpy_helper, version_converter

OUT = Path(__file__).parents[2] / "test/reference/onnx-opsets"
OPSETS = [7, 8, 9, 10, 11, 12, 13, 15, 17, 18, 20, 22, 24]
SHAPE = (1, 4, 3, 4)


class Model:
    def __init__(self, opset):
        self.opset = opset
        self.nodes, self.weights, self.outputs = [], [], []
        self.random = np.random.default_rng(opset)

    def const(self, values, dtype=np.float32):
        name = f"c{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.asarray(values, dtype), name))
        return name

    def ints(self, *values):
        return self.const(values, np.int64)

    def floats(self, *shape):
        return self.const(self.random.normal(size=shape).round(2))

    def add(self, op, inputs, outputs=1, keep=True, **attrs):
        names = [f"{op}_{len(self.nodes)}_{i}" for i in range(outputs)]
        self.nodes.append(helper.make_node(op, inputs, names, name=f"{op}_{len(self.nodes)}", **attrs))
        if keep:
            self.outputs += names
        return names[0]

    def finish(self):
        value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        x = helper.make_tensor_value_info("x", TensorProto.FLOAT, SHAPE)
        # Before version 4 of the file format, initializers were inputs with a default.
        defaults = [helper.make_tensor_value_info(w.name, w.data_type, w.dims) for w in self.weights if self.opset < 9]
        graph = helper.make_graph(self.nodes, f"opset{self.opset}", [x, *defaults], [value(name) for name in self.outputs], self.weights)
        imports = [helper.make_opsetid("", self.opset)]
        return helper.make_model(graph, opset_imports=imports, ir_version=min(10, 3 if self.opset < 9 else 8))


def softmaxes(m):
    inner = m.add("Identity", ["x"], keep=False)
    for op in ("Softmax", "LogSoftmax", "Hardmax"):
        m.add(op, ["x"])
        m.add(op, [inner])
        for axis in (1, 2, 3):
            m.add(op, [inner], axis=axis)
    if m.opset >= 11:
        m.add("Softmax", [inner], axis=-1)


def movement(m):
    v = m.opset
    if v < 10:
        m.add("Slice", ["x"], starts=[1, 0], ends=[3, 2**63 - 1], axes=[1, 3])
        m.add("Slice", ["x"], starts=[0, -2], ends=[1, -1])
    else:
        m.add("Slice", ["x", m.ints(1, 3), m.ints(3, -(2**31)), m.ints(1, 3), m.ints(1, -1)])
    pads = [0, 1, 0, 2, 0, 0, 1, 1]
    if v < 11:
        m.add("Pad", ["x"], pads=pads, value=0.5)
        m.add("Pad", ["x"], pads=[0, 0, 1, 1, 0, 0, 1, 2], mode="reflect")
    else:
        m.add("Pad", ["x", m.ints(*pads), m.const(0.5)])
        m.add("Pad", ["x", m.ints(0, 0, 1, 1, 0, 0, 1, 2)], mode="reflect")
    if v < 13:
        m.add("Unsqueeze", ["x"], axes=[0, 5])
        m.add("Squeeze", ["x"], axes=[0])
        m.add("Split", ["x"], 2, axis=1, split=[1, 3])
    else:
        m.add("Unsqueeze", ["x", m.ints(0, 5)])
        m.add("Squeeze", ["x", m.ints(0)])
        m.add("Split", ["x", m.ints(1, 3)], 2, axis=1)
    m.add("Squeeze", ["x"])
    m.add("Split", ["x"], 2, axis=1, **({"num_outputs": 2} if v >= 18 else {}))
    m.add("Reshape", ["x", m.ints(0, -1, 4)])
    m.add("Flatten", ["x"], axis=2)
    indices = m.const(np.arange(12).reshape(1, 4, 3, 1) % 4, np.int64)
    if v >= 9:
        m.add("Scatter" if v < 11 else "ScatterElements", ["x", indices, m.floats(1, 4, 3, 1)], axis=3)
    if v < 10:
        m.add("TopK", ["x"], 2, k=2, axis=3)
    else:
        m.add("TopK", ["x", m.ints(2)], 2, axis=3)
    m.outputs.remove(m.nodes[-1].output[1])
    if v >= 16:
        m.add("GridSample", ["x", m.const(m.random.uniform(-1, 1, (1, 2, 2, 2)))], mode="linear" if v >= 20 else "bilinear")
        m.add("GridSample", ["x", m.const(m.random.uniform(-1, 1, (1, 2, 2, 2)))], mode="cubic" if v >= 20 else "bicubic")
    if 10 <= v < 22:  # ONNX Runtime 1.30 has no newer one
        m.add("RoiAlign", ["x", m.const([[0, 0, 3, 2]]), m.ints(0)], output_height=2, output_width=2, sampling_ratio=2)


def resizing(m):
    v = m.opset
    scales = [1.0, 1.0, 2.0, 1.5]
    for mode in ("nearest", "linear"):
        if v < 9:
            m.add("Upsample", ["x"], mode=mode, scales=scales)
        elif v < 10:
            m.add("Upsample", ["x", m.const(scales)], mode=mode)
        elif v < 11:
            m.add("Resize", ["x", m.const(scales)], mode=mode)
            m.add("Resize", ["x", m.const([1, 1, 0.7, 0.5])], mode=mode)
            m.add("Resize", ["x", m.const([1, 1, 0.7, 1.5])], mode=mode)
        else:
            empty = m.const([])
            m.add("Resize", ["x", empty, m.const(scales)], mode=mode)
            m.add("Resize", ["x", empty, empty, m.ints(1, 4, 5, 7)], mode=mode, coordinate_transformation_mode="align_corners")
    if 11 <= v < 13:
        for rounding in ("floor", "ceil"):
            half = dict(mode="nearest", coordinate_transformation_mode="tf_half_pixel_for_nn", nearest_mode=rounding)
            m.add("Resize", ["x", m.const([]), m.const([1, 1, 2.3, 0.6])], **half)
            m.add("Resize", ["x", m.const([]), m.const([1, 1, 1.5, 1.3])], **half)


def reductions(m):
    v = m.opset
    for op in "L1 L2 LogSum LogSumExp Max Mean Min Prod Sum SumSquare".split():
        x = m.add("Exp", ["x"], keep=False) if op == "LogSum" else "x"
        as_input = v >= (13 if op == "Sum" else 18)
        m.add(f"Reduce{op}", [x, m.ints(1, 3)] if as_input else [x], **({} if as_input else {"axes": [1, 3]}), keepdims=0)
    m.add("ReduceMean", ["x"])
    m.add("ReduceSum", ["x"], keepdims=0)


def activations(m):
    v = m.opset
    if v < 11:
        m.add("Clip", ["x"], min=-0.5, max=0.75)
        m.add("Clip", ["x"], max=0.25)
        m.add("Clip", ["x"], min=0.0)
    else:
        m.add("Clip", ["x", m.const(-0.5), m.const(0.75)])
        m.add("Clip", ["x", "", m.const(0.25)])
    m.add("Clip", ["x"])
    m.add("Dropout", ["x"], **({"ratio": 0.3} if v < 12 else {}))
    m.add("PRelu", ["x", m.floats(4, 1, 1)])
    if v < 9:
        m.add("Affine", ["x"], alpha=2.0, beta=0.5)
        m.add("ImageScaler", ["x"], scale=2.0, bias=[0.1, 0.2, 0.3, 0.4])
        m.add("ParametricSoftplus", ["x"], alpha=0.5, beta=2.0)
        m.add("ScaledTanh", ["x"], alpha=0.5, beta=2.0)
        m.add("Crop", ["x"], border=[1, 0, 1, 1])
        m.add("Crop", ["x"], border=[1, 1, 0, 0], scale=[2, 2])
    if v >= 24:
        m.add("Swish", ["x"], alpha=1.5)
        m.add("Swish", ["x"])


def normalizations(m):
    v = m.opset
    scale, bias, mean, var = m.floats(4), m.floats(4), m.floats(4), m.const([0.5, 1, 2, 3])
    m.add("BatchNormalization", ["x", scale, bias, mean, var], epsilon=1e-3)
    if v < 9:
        each = [m.floats(4, 3, 4), m.floats(4, 3, 4), m.floats(4, 3, 4), m.const(m.random.uniform(1, 2, (4, 3, 4)))]
        m.add("BatchNormalization", ["x", *each], spatial=0)
    m.add("InstanceNormalization", ["x", scale, bias])
    if v >= 18:
        size = 4 if v >= 21 else 2
        m.add("GroupNormalization", ["x", m.floats(size), m.floats(size)], num_groups=2)
    if v >= 23:
        m.add("RMSNormalization", ["x", m.floats(4)])
        m.add("RMSNormalization", ["x", m.floats(3, 4)], axis=2)
    if v >= 10:
        q = m.const([[1, 2], [3, 250]], np.uint8)
        m.add("DequantizeLinear", [q, m.const(0.1), m.const(3, np.uint8)], **({"output_dtype": TensorProto.FLOAT} if v >= 23 else {}))


def layers(m):
    m.add("Conv", ["x", m.floats(2, 4, 3, 3), m.floats(2)], pads=[1, 1, 1, 1], kernel_shape=[3, 3])
    m.add("ConvTranspose", ["x", m.floats(4, 2, 2, 2)], strides=[2, 2])
    m.add("MaxPool", ["x"], kernel_shape=[2, 2], strides=[2, 2])
    m.add("AveragePool", ["x"], kernel_shape=[2, 2], auto_pad="SAME_UPPER")
    m.add("LRN", ["x"], size=3)
    m.add("MatMul", ["x", m.floats(4, 2)])
    flat = m.add("Flatten", ["x"], keep=False)
    m.add("Gemm", [flat, m.floats(3, 48), m.floats(3)], transB=1)


def branches(m):
    """An If, whose branches hold operators that changed too."""
    reduced = {"inputs": ["x", m.ints(2)]} if m.opset >= 13 else {"inputs": ["x"], "axes": [2]}
    total = helper.make_node("ReduceSum", outputs=["total"], **reduced)
    share = helper.make_node("Div", ["x", "total"], ["share"])
    soft = helper.make_node("Softmax", ["x"], ["soft"])
    value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
    then_branch = helper.make_graph([total, share], "then", [], [value("share")])
    else_branch = helper.make_graph([soft], "else", [], [value("soft")])
    for condition in (True, False):
        m.add("If", [m.const(condition, bool)], then_branch=then_branch, else_branch=else_branch)


def run(model, x):
    options = ort.SessionOptions()
    options.log_severity_level = 4
    session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return dict(zip([o.name for o in session.get_outputs()], session.run(None, {"x": x})))


def check_converted(model, x, outputs):
    """Compares with ONNX's own conversion, where it has one. It leaves Hardmax's old axis as it is: that differs."""
    try:
        converted = version_converter.convert_version(model, 21)
        results = run(converted, x)
    except Exception as error:  # the converter knows few operators; ours are compared with ONNX Runtime above
        return f"no conversion ({str(error).splitlines()[0][:80]})"
    wrong = [name for name, value in results.items() if not np.allclose(value, outputs[name], rtol=1e-5, atol=1e-5)]
    return f"onnx.version_converter differs in {', '.join(wrong)}" if wrong else "agrees with onnx.version_converter"


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for opset in OPSETS:
        notes = []
        whole = Model(opset)
        families = [softmaxes, movement, resizing, reductions, activations, normalizations, layers, branches]
        x = np.random.default_rng(0).normal(size=SHAPE).round(3).astype(np.float32)
        for family in families:
            part = Model(opset)
            family(part)
            notes.append(f"{family.__name__}: {check_converted(part.finish(), x, run(part.finish(), x))}")
            family(whole)
        model = whole.finish()
        outputs = run(model, x)
        onnx.save(model, OUT / f"opset-{opset}.onnx")
        print(opset, len(outputs), "outputs;", "; ".join(notes))


if __name__ == "__main__":
    main()
