"""Writes small ONNX files, each with one way of storing things that ONNX allows, to test/reference/onnx-files.

    python tools/reference/onnx-files.py
"""

from pathlib import Path

import ml_dtypes
import numpy as np
import onnx
from onnx import AttributeProto, TensorProto, helper, numpy_helper

OUT = Path(__file__).parents[2] / "test/reference/onnx-files"
RANDOM = np.random.default_rng(0)
FLOAT, HALF, BFLOAT = TensorProto.FLOAT, TensorProto.FLOAT16, TensorProto.BFLOAT16


def value(name, shape=None, dtype=FLOAT):
    return helper.make_tensor_value_info(name, dtype, shape)


def weight(name, *shape, dtype=np.float32):
    return numpy_helper.from_array(RANDOM.normal(size=shape).astype(dtype), name)


def save(name, nodes, outputs, weights=(), inputs=(value("x", ["N", 2]),), opset=18, **kwargs):
    graph = helper.make_graph(nodes, name, list(inputs), list(outputs), list(weights))
    domains = kwargs.pop("domains", [])
    imports = [helper.make_opsetid("", opset), *domains]
    model = helper.make_model(graph, opset_imports=imports, ir_version=9, producer_name="files", producer_version="1.0", **kwargs)
    onnx.save(model, OUT / f"{name}.onnx")
    return model


def typed(name, dtype, field, values):
    """A tensor whose elements lie in one of the typed fields instead of raw_data."""
    tensor = TensorProto(name=name, data_type=dtype, dims=[len(values)])
    getattr(tensor, field).extend(values)
    return tensor


def typed_arrays():
    bits = lambda dtype: np.array([0.5, -2], dtype).view(np.uint16).tolist()
    tensors = [
        typed("float", FLOAT, "float_data", [0.5, -2]),
        typed("double", TensorProto.DOUBLE, "double_data", [0.5, -2]),
        typed("half", HALF, "int32_data", bits(np.float16)),
        typed("bfloat", BFLOAT, "int32_data", bits(ml_dtypes.bfloat16)),
        typed("int8", TensorProto.INT8, "int32_data", [-128, 127]),
        typed("uint8", TensorProto.UINT8, "int32_data", [0, 255]),
        typed("int16", TensorProto.INT16, "int32_data", [-32768, 32767]),
        typed("uint16", TensorProto.UINT16, "int32_data", [0, 65535]),
        typed("int32", TensorProto.INT32, "int32_data", [-(2**31), 5]),
        typed("bool", TensorProto.BOOL, "int32_data", [0, 1]),
        typed("int64", TensorProto.INT64, "int64_data", [-(2**40), 7]),
        typed("uint32", TensorProto.UINT32, "uint64_data", [2**32 - 1, 0]),
        typed("uint64", TensorProto.UINT64, "uint64_data", [2**50, 3]),
    ]
    nodes, outputs = [], []
    for tensor in tensors:
        nodes.append(helper.make_node("Cast", [tensor.name], [f"{tensor.name}_float"], to=FLOAT))
        nodes.append(helper.make_node("Mul", ["x", f"{tensor.name}_float"], [f"{tensor.name}_out"]))
        outputs.append(value(f"{tensor.name}_out", ["N", 2]))
    save("typed-arrays", nodes, outputs, tensors)


def constants():
    def constant(name, **attributes):
        return helper.make_node("Constant", [], [name], **attributes)

    nodes = [
        constant("tensor", value=numpy_helper.from_array(np.float32([[1, 2]]))),
        constant("float", value_float=0.5),
        constant("floats", value_floats=[3.0, 4.0]),
        constant("int", value_int=-3),
        constant("ints", value_ints=[1, 2]),
        constant("string", value_string="unused"),
        constant("strings", value_strings=["not", "used"]),
        helper.make_node("Cast", ["int"], ["int_float"], to=FLOAT),
        helper.make_node("Cast", ["ints"], ["ints_float"], to=FLOAT),
        helper.make_node("Sum", ["x", "tensor", "float", "floats", "int_float", "ints_float"], ["y"]),
    ]
    words = helper.make_tensor("words", TensorProto.STRING, [2], [b"a", b"b"])
    save("constants", nodes, [value("y", ["N", 2])], [words])
    save("strings-used", [helper.make_node("Gather", ["words", "i"], ["y"])], [value("y")], [words, weight("i", 1)])
    sparse = helper.make_sparse_tensor(numpy_helper.from_array(np.float32([1]), ""), numpy_helper.from_array(np.int64([1])), [2])
    save("sparse-constant", [constant("s", sparse_value=sparse), helper.make_node("Add", ["x", "s"], ["y"])], [value("y")])
    model = save("sparse-weight", [helper.make_node("Add", ["x", "s"], ["y"])], [value("y")])
    sparse.values.name = "s"
    model.graph.sparse_initializer.append(sparse)
    onnx.save(model, OUT / "sparse-weight.onnx")


def functions():
    """Two functions, one calling the other, with attributes that refer to those of the call."""

    def reference(node, name, of):
        node.attribute.append(AttributeProto(name=name, ref_attr_name=of, type=AttributeProto.FLOAT))
        return node

    imports = [helper.make_opsetid("", 18), helper.make_opsetid("mine", 1)]
    leaky = helper.make_function(
        "mine", "Leaky", ["a"], ["b"], [reference(helper.make_node("LeakyRelu", ["a"], ["b"], name="act"), "alpha", "slope")], imports, ["slope"]
    )
    block_nodes = [
        helper.make_node("MatMul", ["in", "w"], ["m"], name="fc"),
        helper.make_node("Leaky", ["m"], ["t"], domain="mine", name="leaky", slope=0.25),
        helper.make_node("Add", ["t", "in"], ["out"], name="add"),
    ]
    block = helper.make_function("mine", "Block", ["in", "w"], ["out"], block_nodes, imports)
    nodes = [
        helper.make_node("Block", ["x", "w1"], ["h"], domain="mine", name="block1"),
        helper.make_node("Block", ["h", "w2"], ["y"], domain="mine", name="block2"),
    ]
    weights = [weight("w1", 2, 2), weight("w2", 2, 2)]
    save("functions", nodes, [value("y", ["N", 2])], weights, domains=[helper.make_opsetid("mine", 1)], functions=[leaky, block])
    endless = helper.make_function("mine", "Block", ["in", "w"], ["out"], [helper.make_node("Block", ["in", "w"], ["out"], domain="mine")], imports)
    save("endless-functions", nodes, [value("y", ["N", 2])], weights, domains=[helper.make_opsetid("mine", 1)], functions=[endless])


def order():
    nodes = [
        helper.make_node("Add", ["b", "a"], ["y"], name="last"),
        helper.make_node("Relu", ["a"], ["b"], name="second"),
        helper.make_node("Neg", ["x"], ["a"], name="first"),
    ]
    save("unsorted", nodes, [value("y", ["N", 2])])
    save("cycle", [helper.make_node("Add", ["x", "b"], ["a"]), helper.make_node("Relu", ["a"], ["b"])], [value("b")])
    save("unmade", [helper.make_node("Add", ["x", "nowhere"], ["y"], name="adds")], [value("y")])
    save("made-twice", [helper.make_node("Relu", ["x"], ["y"]), helper.make_node("Neg", ["x"], ["y"])], [value("y")])
    save("named-twice", [helper.make_node("Add", ["x", "w"], ["y"])], [value("y")], [weight("w", 2), weight("w", 2)])


def network(cast=None):
    """A small convolutional network; `cast` is the type of its weights and inputs."""
    dtype = cast or np.float32
    nodes = [
        helper.make_node("Conv", ["x", "conv.weight", "conv.bias"], ["c"], name="conv", pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c"], ["r"], name="relu"),
        helper.make_node("GlobalAveragePool", ["r"], ["p"], name="pool"),
        helper.make_node("Flatten", ["p"], ["f"], name="flatten"),
        helper.make_node("Gemm", ["f", "fc.weight", "fc.bias"], ["y"], name="fc", transB=1),
    ]
    weights = [weight("conv.weight", 48, 3, 4, 4, dtype=dtype), weight("conv.bias", 48, dtype=dtype)]
    return nodes, [*weights, weight("fc.weight", 5, 48, dtype=dtype), weight("fc.bias", 5, dtype=dtype)]


def precisions():
    for name, dtype, number in (("float16", np.float16, HALF), ("bfloat16", ml_dtypes.bfloat16, BFLOAT)):
        nodes, weights = network(dtype)
        nodes += [helper.make_node("Cast", ["y"], ["wide"], to=FLOAT), helper.make_node("Cast", ["wide"], ["narrow"], to=number)]
        outputs = [value("y", ["N", 5], number), value("narrow", ["N", 5], number)]
        save(name, nodes, outputs, weights, [value("x", ["N", 3, 6, 6], number)], opset=21)
    nodes, weights = network()
    quantised = [
        numpy_helper.from_array(RANDOM.integers(0, 256, (48, 3, 4, 4)).astype(np.uint8), "conv.weight_quantized"),
        numpy_helper.from_array(RANDOM.uniform(0.01, 0.02, 48).astype(np.float32), "scale"),
        numpy_helper.from_array(RANDOM.integers(100, 150, 48).astype(np.uint8), "zero"),
    ]
    dequantize = helper.make_node("DequantizeLinear", ["conv.weight_quantized", "scale", "zero"], ["conv.weight"], axis=0)
    save("quantized", [dequantize, *nodes], [value("y", ["N", 5])], [*quantised, *weights[1:]], [value("x", ["N", 3, 6, 6])])


def external():
    nodes, weights = network()
    model = save("external", nodes, [value("y", ["N", 5])], weights, [value("x", ["N", 3, 6, 6])])
    (OUT / "weights").mkdir(exist_ok=True)
    (OUT / "weights/data.bin").unlink(missing_ok=True)
    onnx.save(model, OUT / "external.onnx", save_as_external_data=True, location="weights/data.bin", size_threshold=100)
    for name, location in (("escapes", "../onnx-opsets/opset-7.onnx"), ("absolute", "/etc/passwd"), ("missing", "nowhere.bin")):
        model = onnx.load(OUT / "external.onnx", load_external_data=False)
        for tensor in model.graph.initializer:
            for entry in tensor.external_data:
                if entry.key == "location":
                    entry.value = location
        onnx.save(model, OUT / f"external-{name}.onnx")


def metadata():
    nodes, weights = network()
    mean = numpy_helper.from_array(np.float32([[[123.675]], [[116.28]], [[103.53]]]), "mean")
    scale = numpy_helper.from_array(np.float32([[[58.395]], [[57.12]], [[57.375]]]), "std")
    nodes[0].input[0] = "scaled"
    before = [helper.make_node("Sub", ["x", "mean"], ["centred"], name="sub"), helper.make_node("Div", ["centred", "std"], ["scaled"], name="div")]
    # No shape: as many axes as the first convolution has.
    model = save("metadata", before + nodes, [value("y")], [mean, scale, *weights], [value("x", ["batch", 3, "height", "width"])])
    helper.set_model_props(model, {"names": "{0: 'tabby cat', 1: \"dog's tail\", 2: 'bird', 3: 'fish', 4: 'frog'}", "task": "classify"})
    onnx.save(model, OUT / "metadata.onnx")


def branches():
    """An If as PyTorch writes squeeze: whether it squeezes hangs on the shape. One If within another, a weight in a branch."""
    ints = lambda name, *values: numpy_helper.from_array(np.int64(values), name)

    def graph(name, nodes, output, weights=()):
        return helper.make_graph(nodes, name, [], [value(output)], list(weights))

    pooled = helper.make_node("ReduceMean", ["c", "space"], ["t"], name="pool", keepdims=0)
    shifted = helper.make_node("Add", ["t", "shift"], ["u"], name="shift")
    plain = graph("plain", [helper.make_node("Identity", ["u"], ["t2"])], "t2")
    doubled = graph("doubled", [helper.make_node("Add", ["u", "u"], ["t3"], name="double")], "t3")
    inner = helper.make_node("If", ["many"], ["v"], name="inner", then_branch=doubled, else_branch=plain)
    then_branch = graph("then", [pooled, shifted, inner], "v", [weight("shift", 48)])
    else_branch = graph("else", [helper.make_node("Identity", ["c"], ["same"])], "same")
    nodes = [
        network()[0][0],
        helper.make_node("Shape", ["c"], ["shape"]),
        helper.make_node("Gather", ["shape", "zero"], ["batch"], axis=0),
        helper.make_node("Gather", ["shape", "two"], ["height"], axis=0),
        helper.make_node("Less", ["height", "ten"], ["small"]),
        helper.make_node("Greater", ["batch", "one"], ["many"]),
        helper.make_node("If", ["small"], ["i"], name="squeeze", then_branch=then_branch, else_branch=else_branch),
        helper.make_node("Relu", ["i"], ["y"], name="relu"),
    ]
    numbers = {"zero": 0, "one": 1, "two": 2, "ten": 10}
    weights = [*network()[1][:2], ints("space", 2, 3), *(numpy_helper.from_array(np.int64(v), k) for k, v in numbers.items())]
    save("branches", nodes, [value("y")], weights, [value("x", ["N", 3, "H", "W"])])


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for write in (typed_arrays, constants, functions, order, precisions, external, metadata, branches):
        write()


if __name__ == "__main__":
    main()
