"""Pools: overlapping windows, ceil mode, dilation, and ties, which go to the first maximum."""

import numpy as np
import torch.nn.functional as F

from .case import case, distinct, numbers


def pool(op, note, function, x, kernel, stride, padding=0, ceil=False, dilation=None, **attrs):
    axes = x.ndim - 2
    arguments = {"stride": stride, "padding": padding, "ceil_mode": ceil} | ({"dilation": dilation} if dilation else {})
    attrs |= {"kernel_shape": [kernel] * axes, "strides": [stride] * axes, "pads": [padding] * axes * 2, "ceil_mode": int(ceil)}
    if dilation:
        attrs["dilations"] = [dilation] * axes
    if "count_include_pad" in attrs:
        arguments["count_include_pad"] = bool(attrs["count_include_pad"])
    return case(op, note, lambda x: function(x, kernel, **arguments), x, **attrs)


FEW = np.random.default_rng(5).integers(0, 3, (1, 2, 6, 6)) / 1.0

CASES = [
    pool("MaxPool", "side by side", F.max_pool2d, distinct(1, 2, 4, 4), 2, 2),
    pool("MaxPool", "side by side, ties", F.max_pool2d, FEW, 2, 2),
    pool("MaxPool", "overlapping, ties", F.max_pool2d, FEW, 3, 2, padding=1),
    pool("MaxPool", "overlapping at stride 1, all equal", F.max_pool2d, np.zeros((1, 1, 4, 4)), 3, 1, padding=1),
    pool("MaxPool", "ceil", F.max_pool2d, distinct(1, 1, 5, 6), 3, 2, ceil=True),
    pool("MaxPool", "ceil, the last window dropped", F.max_pool2d, distinct(1, 1, 5, 7), 2, 2, padding=1, ceil=True),
    pool("MaxPool", "ceil, the last window of 4 dropped", F.max_pool2d, distinct(1, 1, 9, 9), 4, 4, padding=2, ceil=True),
    pool("MaxPool", "ceil, the last window behind a gap dropped", F.max_pool2d, distinct(1, 1, 4, 5), 2, 3, padding=1, ceil=True),
    pool("MaxPool", "dilated, ties", F.max_pool2d, FEW, 2, 1, dilation=2),
    pool("MaxPool", "sequences", F.max_pool1d, distinct(1, 2, 7), 3, 2, padding=1),
    pool("MaxPool", "volumes", F.max_pool3d, distinct(1, 1, 4, 3, 3), 2, 1),
    pool("AveragePool", "side by side", F.avg_pool2d, numbers(1, 2, 4, 4), 2, 2, count_include_pad=0),
    pool("AveragePool", "overlapping, padding not counted", F.avg_pool2d, numbers(1, 2, 5, 5), 3, 2, padding=1, count_include_pad=0),
    pool("AveragePool", "overlapping, padding counted", F.avg_pool2d, numbers(1, 2, 5, 5), 3, 2, padding=1, count_include_pad=1),
    pool("AveragePool", "ceil", F.avg_pool2d, numbers(1, 1, 6, 5), 3, 2, ceil=True, count_include_pad=0),
    pool("AveragePool", "ceil, the last window dropped", F.avg_pool2d, numbers(1, 1, 5, 6), 2, 2, padding=1, ceil=True, count_include_pad=0),
    pool("AveragePool", "ceil, the last window dropped, padding counted", F.avg_pool2d, numbers(1, 1, 8, 8), 3, 3, padding=1, ceil=True, count_include_pad=1),
    case("MaxPool", "same padding, windows with gaps", lambda x: F.max_pool1d(x, 1, 3), distinct(1, 2, 6), kernel_shape=[1], strides=[3], auto_pad="SAME_UPPER"),
    case("AveragePool", "same padding, windows with gaps", lambda x: F.avg_pool1d(x, 2, 5), numbers(1, 2, 10), kernel_shape=[2], strides=[5], auto_pad="SAME_UPPER"),
    pool("AveragePool", "sequences", F.avg_pool1d, numbers(1, 2, 7), 3, 2, count_include_pad=0),
    pool("AveragePool", "volumes", F.avg_pool3d, numbers(1, 1, 4, 3, 3), 2, 1, count_include_pad=0),
    case("GlobalAveragePool", "images", lambda x: F.adaptive_avg_pool2d(x, 1), numbers(2, 2, 3, 3)),
    case("GlobalMaxPool", "images", lambda x: F.adaptive_max_pool2d(x, 1), distinct(2, 2, 3, 3)),
    case("GlobalMaxPool", "ties", lambda x: F.adaptive_max_pool2d(x, 1), FEW),
]
