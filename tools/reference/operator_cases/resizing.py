"""Resize: PyTorch's modes under ONNX's names."""

import torch.nn.functional as F

from .case import case, integers, numbers


def resize(note, x, size, torch_mode, align_corners=None, **attrs):
    function = lambda x, _: F.interpolate(x, size, mode=torch_mode, align_corners=align_corners)
    return case("Resize", note, function, x, None, None, integers(*x.shape[:2], *size), **attrs)


IMAGE = numbers(1, 2, 3, 4)
ALIGNED = {"coordinate_transformation_mode": "align_corners"}
HALF = {"coordinate_transformation_mode": "half_pixel"}
FLOOR = {"coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
CUBIC = {"mode": "cubic", "cubic_coeff_a": -0.75}

CASES = [
    resize("nearest, larger", IMAGE, (6, 8), "nearest", mode="nearest", **FLOOR),
    resize("nearest, odd factors", IMAGE, (5, 7), "nearest", mode="nearest", **FLOOR),
    resize("nearest, smaller", IMAGE, (2, 3), "nearest", mode="nearest", **FLOOR),
    resize("linear, larger", IMAGE, (6, 8), "bilinear", False, mode="linear", **HALF),
    resize("linear, odd factors", IMAGE, (5, 7), "bilinear", False, mode="linear", **HALF),
    resize("linear, smaller", IMAGE, (2, 3), "bilinear", False, mode="linear", **HALF),
    resize("linear, aligned corners", IMAGE, (5, 7), "bilinear", True, mode="linear", **ALIGNED),
    resize("linear, sequences", numbers(1, 2, 4), (7,), "linear", False, mode="linear", **HALF),
    resize("linear, volumes", numbers(1, 1, 2, 3, 2), (4, 5, 3), "trilinear", False, mode="linear", **HALF),
    resize("cubic", IMAGE, (5, 7), "bicubic", False, **CUBIC, **HALF),
    resize("cubic, aligned corners", IMAGE, (5, 7), "bicubic", True, **CUBIC, **ALIGNED),
]
