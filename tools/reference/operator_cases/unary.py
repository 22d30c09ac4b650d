"""Functions of one number, also where their slope is infinite or undefined."""

import torch

from .case import case, given, numbers, positive

KINKS = given(-2.0, -1.0, -0.0, 0.0, 1.0, 2.0)
INSIDE = given(-0.875, -0.5, 0.0, 0.25, 0.75)

CASES = [
    case("Neg", "anywhere", torch.neg, numbers(2, 3)),
    case("Abs", "at 0", torch.abs, KINKS),
    case("Sqrt", "at 0", torch.sqrt, given(0.0, 0.25, 4.0)),
    case("Sqrt", "positive", torch.sqrt, positive(2, 3)),
    case("Reciprocal", "at 0", torch.reciprocal, KINKS),
    case("Exp", "anywhere", torch.exp, numbers(2, 3)),
    case("Exp", "far out", torch.exp, given(-1000.0, 0.0, 80.0)),
    case("Log", "at 0", torch.log, given(0.0, 0.25, 4.0)),
    case("Erf", "far out", torch.erf, given(-30.0, -1.0, 0.0, 0.5, 30.0)),
    case("Sin", "anywhere", torch.sin, numbers(2, 3)),
    case("Cos", "anywhere", torch.cos, numbers(2, 3)),
    case("Tan", "anywhere", torch.tan, INSIDE),
    case("Asin", "inside", torch.asin, INSIDE),
    case("Acos", "inside", torch.acos, INSIDE),
    case("Atan", "anywhere", torch.atan, numbers(2, 3)),
    case("Sinh", "anywhere", torch.sinh, numbers(2, 3)),
    case("Cosh", "anywhere", torch.cosh, numbers(2, 3)),
    case("Asinh", "anywhere", torch.asinh, numbers(2, 3)),
    case("Acosh", "above 1", torch.acosh, given(1.125, 2.0, 10.0)),
    case("Atanh", "inside", torch.atanh, INSIDE),
    case("Floor", "at integers", torch.floor, KINKS),
    case("Ceil", "at integers", torch.ceil, KINKS),
    case("Round", "at halves", torch.round, given(-1.5, -0.5, 0.5, 1.5, 2.5)),
    case("Sign", "at 0", torch.sign, KINKS),
]
