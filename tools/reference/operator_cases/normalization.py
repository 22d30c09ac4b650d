"""Normalizations, also of constant input, where the deviation is 0."""

import torch
import torch.nn.functional as F

from .case import case, given, numbers, positive

X = numbers(2, 4, 2, 2)
S, B, M, V = numbers(4, seed=1), numbers(4, seed=2), numbers(4, seed=3), positive(4, seed=4)
FLAT = given([[2.0, 2.0, 2.0]], [[0.0, 0.0, 0.0]])


def explicit_batch_norm(x, s, b, m, v):
    """F.batch_norm cannot be differentiated to its statistics."""
    shape = (1, -1, 1, 1)
    return (x - m.view(shape)) / torch.sqrt(v.view(shape) + 1e-3) * s.view(shape) + b.view(shape)


def mean_variance(x):
    centred = x - x.mean((0, 2, 3), keepdim=True)
    return centred / centred.square().mean((0, 2, 3), keepdim=True).sqrt()


CASES = [
    case("BatchNormalization", "all inputs", explicit_batch_norm, X, S, B, M, V, epsilon=1e-3),
    case("InstanceNormalization", "images", lambda x, s, b: F.instance_norm(x, weight=s, bias=b), X, S, B),
    case("InstanceNormalization", "constant input", lambda x, s, b: F.instance_norm(x, weight=s, bias=b), FLAT, given(1.5), given(0.5)),
    case("GroupNormalization", "two groups", lambda x, s, b: F.group_norm(x, 2, s, b), X, S, B, num_groups=2),
    case("LayerNormalization", "the last axis", lambda x, s, b: F.layer_norm(x, (4,), s, b), numbers(2, 3, 4), S, B),
    case("LayerNormalization", "two axes", lambda x, s: F.layer_norm(x, (3, 4), s), numbers(2, 3, 4), numbers(3, 4, seed=1), axis=1),
    case("LayerNormalization", "constant input", lambda x, s: F.layer_norm(x, (3,), s), FLAT, given(1.0, 2.0, 3.0)),
    case("MeanVarianceNormalization", "the usual axes", mean_variance, X),
    case("LpNormalization", "p 2", lambda x: F.normalize(x, 2, dim=1), X, axis=1, p=2),
    case("LpNormalization", "p 1", lambda x: F.normalize(x, 1, dim=-1), X, p=1),
    case("LRN", "three channels", lambda x: F.local_response_norm(x, 3, 0.5, 0.75, 1.5), numbers(2, 5, 2, 2), size=3, alpha=0.5, beta=0.75, bias=1.5),
    case("LRN", "five channels", lambda x: F.local_response_norm(x, 5, 0.5, 0.75, 2.0), numbers(1, 6, 2, 2), size=5, alpha=0.5, beta=0.75, bias=2.0),
]
