"""Operators that pick elements by index; what is picked twice gets both gradients."""

import numpy as np
import torch

from .case import Constant, case, numbers

X = numbers(3, 4)
TWICE = Constant(np.array([[0, 2], [2, 1]], dtype=np.int64))
ALONG = Constant(np.array([[0, 2, 2, 1], [1, 0, 2, 2]], dtype=np.int64))
POINTS = Constant(np.array([[0, 1], [2, 3], [0, 1]], dtype=np.int64))

CASES = [
    case("Gather", "along axis 0, an index twice", lambda x, i: x[i], X, TWICE),
    case("Gather", "along axis 1", lambda x, i: x[:, i], X, TWICE, axis=1),
    case("GatherElements", "along axis 0", lambda x, i: x.gather(0, i), X, ALONG),
    case("GatherND", "points, one twice", lambda x, i: x[i[:, 0], i[:, 1]], X, POINTS),
    case("ScatterElements", "added", lambda x, i, u: x.scatter_add(0, i, u), X, ALONG, numbers(2, 4, seed=1), reduction="add"),
]
