"""Broadcast arithmetic. Ties of Min and Max are not here: PyTorch halves the gradient there, Pellucid gives it to the first."""

import torch

from .case import case, constant, distinct, given, mask, numbers, positive

ROWS = (numbers(2, 3, 4), numbers(3, 1, seed=1))
BOTH = (numbers(2, 1, 3), numbers(4, 1, seed=1))


def pairs(op, function):
    return [case(op, "broadcast to the first", function, *ROWS), case(op, "broadcast both ways", function, *BOTH)]


CASES = [
    *pairs("Add", torch.add),
    *pairs("Sub", torch.sub),
    *pairs("Mul", torch.mul),
    case("Div", "broadcast", torch.div, numbers(2, 3), positive(3, seed=1)),
    case("Div", "by 0", torch.div, given(1.0, 0.0, -1.0), given(0.0, 2.0, 0.0)),
    case("Pow", "broadcast", torch.pow, positive(2, 3), numbers(3, seed=1)),
    case("Pow", "0 to every power", torch.pow, given(0.0, 0.0, 0.0, 0.0, 0.0), given(0.0, 0.5, 1.0, 2.0, 3.0)),
    case("Pow", "0 to every constant power", torch.pow, given(0.0, 0.0, 0.0, 0.0), constant([0.0, 1.0, 2.0, 3.0])),
    *[case("Pow", f"0 to the constant {n}", torch.pow, given(0.0, -2.0, 1.5), constant(n)) for n in (0.0, 1.0, 2.0, 3.0)],
    case("Pow", "0 to the constant 0.5", torch.pow, given(0.0, 4.0, 1.5), constant(0.5)),
    case("Pow", "negative to whole powers", torch.pow, given(-2.0, -1.5, -1.0), constant([2.0, 3.0, 0.0])),
    case("Mod", "of both signs", torch.fmod, given(5.25, -5.25, 2.25, -0.75), given(2.0, 2.0, -1.5, 3.0), fmod=1),
    case("Min", "broadcast", torch.minimum, distinct(2, 3), distinct(3, seed=1) + 1 / 16),
    case("Max", "broadcast", torch.maximum, distinct(2, 3), distinct(3, seed=1) + 1 / 16),
    case("Sum", "three inputs", lambda a, b, c: a + b + c, numbers(2, 3), numbers(3, seed=1), numbers(2, 1, seed=2)),
    case("Mean", "three inputs", lambda a, b, c: (a + b + c) / 3, numbers(2, 3), numbers(3, seed=1), numbers(2, 1, seed=2)),
    case("Where", "broadcast", torch.where, mask([1, 0, 1], [0, 1, 1]), numbers(3), numbers(2, 1, seed=1)),
]
