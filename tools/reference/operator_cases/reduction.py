"""Reductions, also where their slope is undefined: norms of 0, products with zeros, ties."""

import torch

from .case import case, distinct, given, integers, numbers, positive

X = numbers(2, 3, 4)
ROWS = given([2.0, 2.0, 1.0], [-1.0, 0.0, 0.0])
ZEROS = given([2.0, 0.0, 3.0], [0.0, 0.0, 4.0], [1.0, -2.0, 0.5])


def everywhere(op, function, x=X):
    return [
        case(op, "one axis", lambda x, _: function(x, (1,), True), x, integers(1)),
        case(op, "two axes, not kept", lambda x, _: function(x, (0, 2), False), x, integers(0, -1), keepdims=0),
        case(op, "all axes", lambda x: function(x, (0, 1, 2), True), x),
    ]


CASES = [
    *everywhere("ReduceSum", torch.sum),
    *everywhere("ReduceMean", torch.mean),
    *everywhere("ReduceMax", torch.amax, distinct(2, 3, 4)),
    *everywhere("ReduceMin", torch.amin, distinct(2, 3, 4)),
    case("ReduceMax", "ties", lambda x, _: x.max(1, keepdim=True).values, ROWS, integers(1)),
    case("ReduceMin", "ties", lambda x, _: x.min(1, keepdim=True).values, -ROWS, integers(1)),
    case("ReduceProd", "one axis", lambda x, _: x.prod(1, keepdim=True), numbers(2, 3, seed=3), integers(1)),
    case("ReduceProd", "zeros", lambda x, _: x.prod(1, keepdim=True), ZEROS, integers(1)),
    *everywhere("ReduceL1", lambda x, axes, keep: torch.linalg.vector_norm(x, 1, axes, keep)),
    *everywhere("ReduceL2", lambda x, axes, keep: torch.linalg.vector_norm(x, 2, axes, keep)),
    case("ReduceL2", "zeros", lambda x, _: torch.linalg.vector_norm(x, 2, 1, True), given([0.0, 0.0], [3.0, 4.0]), integers(1)),
    *everywhere("ReduceSumSquare", lambda x, axes, keep: x.square().sum(axes, keep)),
    *everywhere("ReduceLogSum", lambda x, axes, keep: x.sum(axes, keep).log(), positive(2, 3, 4)),
    *everywhere("ReduceLogSumExp", torch.logsumexp),
    case("ReduceLogSumExp", "far out", lambda x, _: x.logsumexp(1, True), given([100.0, 99.0], [-100.0, -101.0]), integers(1)),
]
