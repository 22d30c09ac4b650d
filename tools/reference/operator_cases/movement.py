"""Operators that move elements about."""

import torch
import torch.nn.functional as F

from .case import Constant, case, constant, integers, numbers

import numpy as np

X = numbers(2, 3, 4)
IMAGE = numbers(1, 2, 3, 4)


def pad(note, widths, mode, torch_mode, *value):
    (top, bottom), (left, right) = widths
    function = lambda x, *_: F.pad(x, (left, right, top, bottom), torch_mode, *value)
    fill = [constant(value[0])] if value else []
    return case("Pad", note, function, IMAGE, integers(0, 0, top, left, 0, 0, bottom, right), *fill, mode=mode)


CASES = [
    case("Reshape", "with a wildcard", lambda x, _: x.reshape(4, -1), X, integers(4, -1)),
    case("Flatten", "from axis 2", lambda x: x.reshape(6, 4), X, axis=2),
    case("Squeeze", "one axis", lambda x, _: x.squeeze(1), numbers(2, 1, 3), integers(1)),
    case("Unsqueeze", "two axes", lambda x, _: x[:, None, :, None], numbers(2, 3), integers(1, 3)),
    case("Transpose", "all axes", lambda x: x.permute(2, 0, 1), X, perm=[2, 0, 1]),
    case("Concat", "along axis 1", lambda a, b: torch.cat([a, b], 1), numbers(2, 3), numbers(2, 2, seed=1), axis=1),
    case("Slice", "with steps", lambda x, *_: x[:, 1:3, ::2], X, integers(1, 0), integers(3, 4), integers(1, 2), integers(1, 2)),
    case("Slice", "backwards", lambda x, *_: x.flip(2), X, integers(-1), integers(-100), integers(2), integers(-1)),
    pad("constant", ((1, 0), (2, 1)), "constant", "constant", 1.5),
    pad("reflect", ((1, 2), (3, 0)), "reflect", "reflect"),
    pad("edge", ((1, 2), (3, 0)), "edge", "replicate"),
    pad("wrap", ((1, 2), (3, 0)), "wrap", "circular"),
    pad("cropped by negative pads", ((-1, 1), (1, -2)), "constant", "constant", 0.5),
    case("Expand", "two axes", lambda x, _: x.expand(2, 3, 4), numbers(3, 1), integers(2, 3, 4)),
    case("Tile", "two axes", lambda x, _: x.repeat(2, 3), numbers(2, 2), integers(2, 3)),
    case("DepthToSpace", "CRD", lambda x: F.pixel_shuffle(x, 2), numbers(1, 8, 2, 1), blocksize=2, mode="CRD"),
    case("SpaceToDepth", "one channel", lambda x: F.pixel_unshuffle(x, 2), numbers(1, 1, 4, 2), blocksize=2),
    case("Trilu", "upper", lambda x, _: x.triu(1), numbers(3, 4), Constant(np.array(1, dtype=np.int64))),
    case("CumSum", "along axis 1", lambda x, _: x.cumsum(1), X, Constant(np.array(1, dtype=np.int64))),
]
