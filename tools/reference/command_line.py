"""Makes test/reference/cli: a tiny ONNX classifier, an input, and what PyTorch computes from the same weights.

    python tools/reference/command_line.py

Pairs of layers are named so that their names make the same file name: `stem/relu` and `stem_relu`. Needs onnx, numpy and torch.
"""

from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import TensorProto, helper, numpy_helper

OUT = Path(__file__).parents[2] / "test" / "reference" / "cli"
TARGET = 2
SIZE = 12


def weights(rng: np.random.Generator) -> dict[str, np.ndarray]:
    shapes = {
        "stem/conv.weight": (4, 3, 3, 3),
        "stem/conv.bias": (4,),
        "stem_conv.weight": (6, 4, 3, 3),
        "stem_conv.bias": (6,),
        "head.weight": (3, 6),
        "head.bias": (3,),
    }
    return {name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()}


def save_model(w: dict[str, np.ndarray], path: Path) -> None:
    nodes = [
        helper.make_node("Conv", ["image", "stem/conv.weight", "stem/conv.bias"], ["c1"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c1"], ["stem/relu"]),
        helper.make_node("MaxPool", ["stem/relu"], ["pooled"], name="pool", kernel_shape=[2, 2], strides=[2, 2]),
        helper.make_node("Conv", ["pooled", "stem_conv.weight", "stem_conv.bias"], ["c2"], kernel_shape=[3, 3], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["c2"], ["stem_relu"]),
        helper.make_node("GlobalAveragePool", ["stem_relu"], ["averaged"], name="average"),
        helper.make_node("Flatten", ["averaged"], ["features"]),
        helper.make_node("Gemm", ["features", "head.weight", "head.bias"], ["logits"], transB=1),
        helper.make_node("Softmax", ["logits"], ["probabilities"], axis=1),
    ]
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, ["N", 3, SIZE, SIZE])],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 3])],
        [numpy_helper.from_array(value, name) for name, value in w.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8, producer_name="command_line.py")
    onnx.checker.check_model(model)
    onnx.save(model, path)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(7)
    w = weights(rng)
    save_model(w, OUT / "tiny.onnx")
    t = {name: torch.from_numpy(value) for name, value in w.items()}
    x = torch.from_numpy(rng.uniform(-1, 1, (2, 3, SIZE, SIZE)).astype(np.float32)).requires_grad_()
    first = F.relu(F.conv2d(x, t["stem/conv.weight"], t["stem/conv.bias"], padding=1))
    second = F.relu(F.conv2d(F.max_pool2d(first, 2), t["stem_conv.weight"], t["stem_conv.bias"], padding=1))
    probabilities = torch.softmax(F.linear(second.mean((2, 3)), t["head.weight"], t["head.bias"]), 1)
    to_input, to_second = torch.autograd.grad(probabilities[:, TARGET].sum(), [x, second])
    cam = torch.relu((to_second.mean((2, 3), keepdim=True) * second).mean(1))
    cam = cam / cam.amax((1, 2), keepdim=True)
    assert torch.isfinite(cam).all(), "a map is blank: choose another seed"
    for name, value in {"x": x, "first": first, "second": second, "probabilities": probabilities, "gradient": to_input, "gradient-second": to_second, "cam": cam}.items():
        np.save(OUT / f"{name}.npy", value.detach().numpy())


main()
