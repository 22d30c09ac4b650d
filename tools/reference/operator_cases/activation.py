"""Activation functions: at ordinary numbers, exactly at their kinks, and far out where naive formulas overflow."""

import torch
import torch.nn.functional as F

from .case import case, constant, given, numbers

KINKS = given(-6.0, -3.0, -2.5, -1.0, -0.5, -0.0, 0.0, 0.5, 1.0, 2.5, 3.0, 6.0)
FAR = given(-1000.0, -100.0, -30.0, -10.0, 10.0, 30.0, 100.0, 1000.0)
POINTS = [("kinks", KINKS), ("far out", FAR), ("anywhere", numbers(2, 3, 4))]


def everywhere(op, function, **attrs):
    return [case(op, note, function, x, **attrs) for note, x in POINTS]


def along(op, function):
    far = given([1000.0, 0.0, -1000.0], [-5000.0, -5000.0, -5001.0])
    cases = [case(op, f"axis {axis}", lambda x, axis=axis: function(x, dim=axis), numbers(2, 3, 4), axis=axis) for axis in (-1, 0, 1)]
    return [*cases, case(op, "far out", lambda x: function(x, dim=-1), far)]


def quick_gelu(x):
    return x * torch.sigmoid(1.702 * x)


CASES = [
    *everywhere("Relu", F.relu),
    *everywhere("LeakyRelu", lambda x: F.leaky_relu(x, 0.25), alpha=0.25),
    *everywhere("Elu", F.elu),
    *everywhere("Elu", lambda x: F.elu(x, 0.5), alpha=0.5),
    *everywhere("Selu", F.selu),
    *everywhere("Celu", lambda x: F.celu(x, 0.5), alpha=0.5),
    *everywhere("Sigmoid", torch.sigmoid),
    *everywhere("HardSigmoid", F.hardsigmoid, alpha=1 / 6, beta=0.5),
    *everywhere("HardSwish", F.hardswish),
    *everywhere("Tanh", torch.tanh),
    *everywhere("Softplus", F.softplus),
    *everywhere("Softsign", F.softsign),
    *everywhere("ThresholdedRelu", lambda x: F.threshold(x, 0.5, 0), alpha=0.5),
    *everywhere("Shrink", lambda x: F.softshrink(x, 0.5), lambd=0.5, bias=0.5),
    *everywhere("Shrink", lambda x: F.hardshrink(x, 0.5), lambd=0.5),
    *everywhere("Mish", F.mish),
    *everywhere("Gelu", F.gelu),
    *everywhere("Gelu", lambda x: F.gelu(x, approximate="tanh"), approximate="tanh"),
    *everywhere("com.microsoft.Gelu", F.gelu),
    *everywhere("com.microsoft.QuickGelu", quick_gelu),
    case("com.microsoft.BiasGelu", "a bias", lambda x, b: F.gelu(x + b), numbers(2, 3), numbers(3, seed=1)),
    case("com.microsoft.FastGelu", "a bias", lambda x, b: F.gelu(x + b, approximate="tanh"), numbers(2, 3), numbers(3, seed=1)),
    case("PRelu", "kinks", lambda x, s: F.prelu(x, s), KINKS, given(0.25)),
    case("PRelu", "channels", lambda x, s: F.prelu(x, s.flatten()), numbers(2, 3, 2), given([0.25], [-0.5], [2.0])),
    case("Clip", "exactly at the bounds", lambda x, a, b: torch.clamp(x, a, b), KINKS, constant(-0.5), constant(1.0)),
    case("Clip", "from above only", lambda x, b: torch.clamp(x, max=b), KINKS, None, constant(1.0)),
    *along("Softmax", F.softmax),
    *along("LogSoftmax", F.log_softmax),
]
