"""Convolutions: groups, dilations, strides, one to three dimensions."""

import torch.nn.functional as F

from .case import case, numbers


def conv(note, function, x, w, bias=True, **attrs):
    arguments = {name: attrs.get(name, 1) for name in ("stride", "padding", "dilation", "groups")} | {"padding": attrs.get("padding", 0)}
    inputs = [numbers(*x), numbers(*w, seed=1), *([numbers(w[0], seed=2)] if bias else [])]
    return case("Conv", note, lambda *inputs: function(*inputs, **arguments), *inputs, **onnx_attrs(len(x) - 2, arguments))


def same(note, function, x, w, **attrs):
    return case("Conv", f"same padding, {note}", function, numbers(*x), numbers(*w, seed=1), auto_pad="SAME_UPPER", **attrs)


def transposed(note, function, x, w, bias=True, output_padding=0, **attrs):
    arguments = {name: attrs.get(name, 1) for name in ("stride", "groups", "dilation")} | {"padding": attrs.get("padding", 0)}
    inputs = [numbers(*x), numbers(*w, seed=1), *([numbers(w[1] * arguments["groups"], seed=2)] if bias else [])]
    extra = {"output_padding": [output_padding] * (len(x) - 2)}
    function_of = lambda *inputs: function(*inputs, **arguments, output_padding=output_padding)
    return case("ConvTranspose", note, function_of, *inputs, **onnx_attrs(len(x) - 2, arguments), **extra)


def onnx_attrs(axes, arguments):
    return {
        "strides": [arguments["stride"]] * axes,
        "pads": [arguments["padding"]] * axes * 2,
        "dilations": [arguments["dilation"]] * axes,
        "group": arguments["groups"],
    }


CASES = [
    conv("padded", F.conv2d, (2, 2, 4, 4), (3, 2, 3, 3), padding=1),
    conv("at stride 2, a column left over", F.conv2d, (1, 2, 6, 5), (2, 2, 3, 3), stride=2, padding=1),
    conv("1×1 at stride 2", F.conv2d, (1, 2, 4, 4), (3, 2, 1, 1), stride=2),
    conv("dilated", F.conv2d, (1, 2, 6, 6), (2, 2, 3, 3), dilation=2, padding=1),
    conv("dilated at stride 2", F.conv2d, (1, 1, 8, 7), (2, 1, 2, 3), dilation=2, stride=2, padding=1),
    conv("in groups", F.conv2d, (2, 4, 3, 3), (4, 2, 2, 2), groups=2),
    conv("depthwise", F.conv2d, (1, 3, 4, 4), (3, 1, 3, 3), groups=3, padding=1),
    conv("depthwise with a multiplier at stride 2", F.conv2d, (1, 2, 5, 5), (4, 1, 3, 3), groups=2, stride=2),
    conv("without bias", F.conv2d, (1, 2, 3, 3), (2, 2, 2, 2), bias=False),
    conv("sequences", F.conv1d, (2, 2, 6), (3, 2, 3), stride=2, padding=1),
    conv("volumes", F.conv3d, (1, 2, 3, 3, 3), (2, 2, 2, 2, 2), padding=1, stride=2),
    same("dilated", lambda x, w: F.conv2d(x, w, padding="same", dilation=2), (1, 2, 5, 6), (2, 2, 3, 3), dilations=[2, 2]),
    same("with gaps", lambda x, w: F.conv1d(x, w, stride=4), (1, 2, 8), (2, 2, 1), strides=[4]),
    same("with gaps of 2", lambda x, w: F.conv1d(x, w, stride=5), (1, 1, 10), (2, 1, 2), strides=[5]),
    transposed("at stride 2", F.conv_transpose2d, (1, 2, 3, 3), (2, 3, 3, 3), stride=2, padding=1),
    transposed("with output padding", F.conv_transpose2d, (1, 2, 3, 2), (2, 2, 3, 3), stride=2, padding=1, output_padding=1),
    transposed("in groups, dilated", F.conv_transpose2d, (1, 4, 3, 3), (4, 1, 2, 2), groups=2, dilation=2),
    transposed("sequences", F.conv_transpose1d, (2, 2, 4), (2, 3, 4), stride=2, padding=1, bias=False),
    transposed("volumes", F.conv_transpose3d, (1, 2, 2, 2, 2), (2, 1, 2, 2, 2), stride=2),
]
