"""Writes src/render/font.ts from font.txt, a pixel font drawn for Pellucid: blocks of glyphs side by side.

    python tools/reference/font.py
"""

import pathlib

HERE = pathlib.Path(__file__).parent
TARGET = HERE.parents[1] / "src/render/font.ts"
HEIGHT = 9
HEADER = """\
// A small pixel font for titles and numbers, drawn for Pellucid. Written by tools/reference/font.py from font.txt.

/** Rows of a glyph; the last two are below the baseline. */
export const GLYPH_HEIGHT = 9;

/** Glyphs by character: for each row, from the top, two hexadecimal digits whose bits are a leading 1 and then the pixels. */
export const glyphs: Readonly<Record<string, string>> = {
"""


def glyph_rows(block: str) -> dict[str, list[str]]:
    """The glyphs of a block by character, padded with blank rows."""
    characters, *rows = block.splitlines()
    columns = list(zip(*(row.split("|") for row in rows)))
    assert len(columns) == len(characters), characters
    glyphs = {}
    for character, column in zip(characters, columns):
        width = len(column[0])
        assert all(len(row) == width for row in column), character
        glyphs[character] = [*column, *["." * width] * (HEIGHT - len(column))]
    return glyphs


def encode(rows: list[str]) -> str:
    """Each row as two hexadecimal digits: a leading 1, then its pixels."""
    return "".join(f"{int('1' + row.replace('.', '0').replace('#', '1'), 2):02x}" for row in rows)


if __name__ == "__main__":
    glyphs = {" ": ["..."] * HEIGHT}
    for block in (HERE / "font.txt").read_text().strip("\n").split("\n\n"):
        glyphs |= glyph_rows(block)
    missing = {chr(code) for code in range(32, 127)} - glyphs.keys()
    assert not missing, missing
    quoted = {'"': "'\"'", "\\": '"\\\\"'}
    lines = [f"  {quoted.get(c, chr(34) + c + chr(34))}: \"{encode(rows)}\",\n" for c, rows in sorted(glyphs.items())]
    TARGET.write_text(HEADER + "".join(lines) + "};\n")
