"""What a case is made of, and the numbers that go in: short in decimal, the same on every machine."""

from dataclasses import dataclass, field
from typing import Any, Callable

import numpy as np
import torch


@dataclass
class Constant:
    """An input that is part of the graph (axes, shapes, weights) and is not differentiated."""

    value: np.ndarray


@dataclass
class Case:
    """`function` takes every input that is not None, as tensors, and does in PyTorch what the operator does."""

    op: str
    note: str
    function: Callable[..., torch.Tensor]
    inputs: list[Any]
    attrs: dict[str, Any] = field(default_factory=dict)


def case(op: str, note: str, function: Callable[..., torch.Tensor], *inputs: Any, **attrs: Any) -> Case:
    return Case(op, note, function, list(inputs), attrs)


def numbers(*shape: int, seed: int = 0) -> np.ndarray:
    """Multiples of 1/8 between -3 and 3; the same number may come twice."""
    return np.random.default_rng(seed).integers(-24, 25, shape) / 8.0


def distinct(*shape: int, seed: int = 0) -> np.ndarray:
    """A shuffle of multiples of 1/8 around 0: no ties."""
    size = int(np.prod(shape))
    return np.random.default_rng(seed).permutation(np.arange(size) - size // 2).reshape(shape) / 8.0


def positive(*shape: int, seed: int = 0) -> np.ndarray:
    """Multiples of 1/8 between 1/8 and 3."""
    return np.random.default_rng(seed).integers(1, 25, shape) / 8.0


def given(*values: Any) -> np.ndarray:
    """These numbers."""
    return np.array(values, dtype=np.float64)


def constant(value: Any) -> Constant:
    """Floats as they are, as part of the graph."""
    return Constant(np.asarray(value, dtype=np.float64))


def integers(*values: int) -> Constant:
    """A constant 1-D int64 tensor."""
    return Constant(np.array(values, dtype=np.int64))


def mask(*values: Any) -> Constant:
    """A constant boolean tensor."""
    return Constant(np.array(values, dtype=np.bool_))
