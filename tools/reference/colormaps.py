"""Writes src/render/colormap-tables.ts from matplotlib: 256 RGB triples a map, as base64.

    python tools/reference/colormaps.py
"""

import base64
import pathlib

import numpy as np
from matplotlib import colormaps

ROOT = pathlib.Path(__file__).parents[2]
NAMES = ["viridis", "magma", "inferno", "turbo"]
HEADER = """\
// Colormaps that no short formula gives: 256 RGB triples each, base64. Written by tools/reference/colormaps.py.
// viridis, magma and inferno: Nathaniel J. Smith, Stefan van der Walt and Eric Firing, CC0. turbo: Anton Mikhailov,
// Google, Apache-2.0.

"""


def table(name: str) -> str:
    """The map's colours as matplotlib draws them with 8 bits."""
    triples = colormaps[name](np.arange(256), bytes=True)[:, :3]
    text = base64.b64encode(triples.tobytes()).decode()
    lines = [text[i : i + 128] for i in range(0, len(text), 128)]
    return f"  {name}:\n" + " +\n".join(f'    "{line}"' for line in lines) + ",\n"


if __name__ == "__main__":
    body = "export const tables = {\n" + "".join(map(table, NAMES)) + "} as const;\n"
    (ROOT / "src/render/colormap-tables.ts").write_text(HEADER + body)
