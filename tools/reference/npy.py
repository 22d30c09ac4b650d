"""Writes test/reference/npy: .npy files of every element type, byte order, memory order and format version, by NumPy.

    python tools/reference/npy.py
"""

import json
import pathlib

import numpy as np

TARGET = pathlib.Path(__file__).parents[2] / "test/reference/npy"
DTYPES = ["f2", "f4", "f8", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "?"]
random = np.random.default_rng(9)


def values(dtype: str, shape: tuple[int, ...]) -> np.ndarray:
    kind = np.dtype(dtype)
    if kind.kind == "f":
        return random.normal(0, 3, shape).astype(kind)
    if kind.kind == "b":
        return random.integers(0, 2, shape).astype(kind)
    info = np.iinfo(kind)
    return random.integers(max(info.min, -(2**52)), min(info.max, 2**52), shape, dtype=np.int64).astype(kind)


def write(name: str, array: np.ndarray, version: tuple[int, int] | None = None) -> dict:
    """One file, and what reading it must give; numbers of up to 52 bits are exact in JSON."""
    with open(TARGET / f"{name}.npy", "wb") as file:
        np.lib.format.write_array(file, array, version=version, allow_pickle=True)
    kind = np.dtype(array.dtype)
    numbers = [float(v) if kind.kind == "f" else int(v) for v in array.ravel(order="C")]
    return {"file": f"{name}.npy", "dtype": kind.newbyteorder("=").name, "shape": array.shape, "values": numbers}


def readable() -> list[dict]:
    cases = []
    for dtype in DTYPES:
        array = values(dtype, (2, 3, 4))
        little, big = (array.astype(np.dtype(dtype).newbyteorder(order)) for order in "<>")
        name = np.dtype(dtype).name
        cases.append({**write(f"{name}", little), "canonical": True})
        cases.append(write(f"{name}-big-endian", big))
        cases.append(write(f"{name}-fortran", np.asfortranarray(little)))
    for version in ((1, 0), (2, 0), (3, 0)):
        cases.append(write(f"version{version[0]}", values("f4", (5,)), version))
    for shape in ((), (7,), (0, 3), (1, 1, 1, 1)):
        cases.append({**write(f"shape-{'x'.join(map(str, shape)) or 'scalar'}", values("f4", shape)), "canonical": True})
    return cases


def refused() -> list[str]:
    arrays = {
        "objects": np.array([{"a": 1}], dtype=object),
        "text": np.array(["a", "bc"]),
        "complex": np.array([1 + 2j]),
        "dates": np.array(["2020-01-01"], dtype="M8[D]"),
        "records": np.array([(1, 2.0)], dtype=[("a", "i4"), ("b", "f4")]),
        "long-double": np.array([1.0], dtype=np.longdouble),
    }
    for name, array in arrays.items():
        with open(TARGET / f"{name}.npy", "wb") as file:
            np.lib.format.write_array(file, array, allow_pickle=True)
    return [f"{name}.npy" for name in arrays]


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    (TARGET / "manifest.json").write_text(json.dumps({"readable": readable(), "refused": refused()}, indent=None) + "\n")
