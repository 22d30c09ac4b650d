"""Writes test/reference/operators/FAMILY.json: inputs, outputs and gradients of every operator that PyTorch has too.

Run by hand:   python tools/reference/operators.py [FAMILY ...]        (all families if none is named)
Needs:         torch (2.13.0 wrote the committed files), numpy
Add a case:    a line in tools/reference/operator_cases/FAMILY.py

PyTorch computes in float64; outputs and gradients are rounded to 7 digits. The gradients are those of sum(seed * y).
NaN and infinities are strings, which JSON has no numbers for.
"""

import importlib
import json
import math
import pkgutil
import sys
from pathlib import Path

import numpy as np
import torch

import operator_cases
from operator_cases.case import Case, Constant

OUT = Path(__file__).resolve().parents[2] / "test" / "reference" / "operators"
FAMILIES = sorted(module.name for module in pkgutil.iter_modules(operator_cases.__path__) if module.name != "case")


def main(families: list[str]) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    for family in families or FAMILIES:
        cases = importlib.import_module(f"operator_cases.{family}").CASES
        lines = [json.dumps(reference(case), separators=(",", ":"), allow_nan=False) for case in cases]
        path = OUT / f"{family}.json"
        path.write_text("[\n" + ",\n".join(lines) + "\n]\n")
        print(f"{path.name}: {len(lines)} cases, {path.stat().st_size} bytes")


def reference(case: Case) -> dict:
    tensors = [None if value is None else to_tensor(value) for value in case.inputs]
    y = case.function(*[tensor for tensor in tensors if tensor is not None])
    seed = torch.from_numpy(np.asarray(np.random.default_rng(1).integers(-4, 4, tuple(y.shape)) / 2.0 + 0.25))
    (y * seed).sum().backward()
    return {
        "op": case.op,
        "note": case.note,
        "attrs": case.attrs,
        "inputs": [describe(value) for value in case.inputs],
        "seed": plain(seed),
        "output": {"shape": list(y.shape), "data": rounded(y)},
        "gradients": [rounded(t.grad) if t is not None and t.grad is not None else None for t in tensors],
    }


def to_tensor(value: np.ndarray | Constant) -> torch.Tensor:
    if isinstance(value, Constant):
        return torch.from_numpy(value.value)
    return torch.from_numpy(value.copy()).requires_grad_()


def describe(value: np.ndarray | Constant | None) -> dict | None:
    if value is None:
        return None
    array = value.value if isinstance(value, Constant) else value
    dtype = {"float64": "float", "int64": "int64", "bool": "bool"}[str(array.dtype)]
    return {"dtype": dtype, "shape": list(array.shape), "constant": isinstance(value, Constant), "data": plain(torch.from_numpy(array))}


def plain(tensor: torch.Tensor) -> list:
    return [number(value) for value in tensor.flatten().tolist()]


def rounded(tensor: torch.Tensor) -> list:
    return [number(value if not math.isfinite(value) else float(f"{value:.7g}")) for value in tensor.detach().flatten().tolist()]


def number(value: float | int | bool) -> float | int | str:
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return int(value) if value == int(value) and not (value == 0 and math.copysign(1, value) < 0) else value


if __name__ == "__main__":
    main(sys.argv[1:])
