"""Writes test/reference/pictures: small PNG and JPEG files with the pixels that Pillow or the definition gives, and
what Pillow, PyTorch, TensorFlow and Keras make of one picture when it is resized and preprocessed.

    python tools/reference/pictures.py
"""

import io
import json
import pathlib
import struct
import zlib

import keras
import numpy as np
import tensorflow as tf
import torch
import torch.nn.functional as F
from PIL import Image, ImageOps
from keras.applications import imagenet_utils

TARGET = pathlib.Path(__file__).parents[2] / "test/reference/pictures"
random = np.random.default_rng(5)

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def scene(height: int, width: int) -> np.ndarray:
    """A picture with smooth parts, edges and some noise, RGB."""
    y, x = np.mgrid[0:height, 0:width]
    rgb = np.stack([x * 255 / width, y * 255 / height, 128 + 100 * np.sin(x / 3 + y / 5)], -1)
    rgb[(x - width * 0.4) ** 2 + (y - height * 0.5) ** 2 < (height * 0.3) ** 2] = [220, 40, 30]
    return np.clip(rgb + random.normal(0, 6, rgb.shape), 0, 255).astype(np.uint8)


# --- PNG, written by hand: Pillow writes neither interlaced files nor 16-bit colour ---


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def pack(samples: np.ndarray, depth: int) -> bytes:
    """A scanline's samples as bytes."""
    if depth == 16:
        return samples.astype(">u2").tobytes()
    bits = (samples.reshape(-1, 1) >> np.arange(depth - 1, -1, -1)) & 1
    return np.packbits(bits.astype(np.uint8)).tobytes()


def apply_filter(kind: int, row: bytes, above: bytes, step: int) -> bytes:
    """Filters a scanline, by the formulas of the specification."""
    out = bytearray()
    for i, value in enumerate(row):
        a, b, c = row[i - step] if i >= step else 0, above[i], above[i - step] if i >= step else 0
        p = a + b - c
        paeth = min((a, b, c), key=lambda v: abs(p - v))
        out.append((value - (0, a, b, (a + b) // 2, paeth)[kind]) % 256)
    return bytes(out)


def png(samples: np.ndarray, color: int, depth: int, interlaced: bool, extra: list[bytes]) -> bytes:
    """A PNG of samples [H, W, S], each scanline with another filter."""
    height, width, _ = samples.shape
    step = max(1, SAMPLES[color] * depth // 8)
    data = b""
    for x, y, dx, dy in ADAM7 if interlaced else [(0, 0, 1, 1)]:
        part = samples[y::dy, x::dx]
        if part.size == 0:
            continue
        above = bytes(len(pack(part[0], depth)))
        for i, line in enumerate(part):
            row = pack(line, depth)
            data += bytes([i % 5]) + apply_filter(i % 5, row, above, step)
            above = row
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    half = zlib.compress(data)
    parts = [half[: len(half) // 2], half[len(half) // 2 :]]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [chunk(b"IHDR", header), chunk(b"tEXt", b"Comment\0made by hand"), *extra, *(chunk(b"IDAT", p) for p in parts), chunk(b"IEND", b"")]
    )


def over_white(rgb: np.ndarray, alpha: np.ndarray) -> np.ndarray:
    return np.round((rgb * alpha + 255.0 * (255 - alpha)) / 255).astype(np.uint8)


def expected(samples: np.ndarray, color: int, depth: int, palette: np.ndarray, alphas: list[int], key: list[int]) -> np.ndarray:
    """RGB over white, by the definition: high byte of 16-bit samples, small depths spread over 0..255."""
    to8 = (lambda v: v >> 8) if depth == 16 else (lambda v: v * 255 // (2**depth - 1))
    if color == 3:
        alpha = np.array(alphas + [255] * (len(palette) - len(alphas)))
        return over_white(palette[samples[..., 0]], alpha[samples[..., 0]][..., None])
    rgb = to8(samples[..., :3] if color in (2, 6) else np.repeat(samples[..., :1], 3, -1))
    if color in (4, 6):
        return over_white(rgb, to8(samples[..., -1:]))
    transparent = np.all(samples == key, -1) if key else np.zeros(samples.shape[:2], bool)
    return np.where(transparent[..., None], 255, rgb).astype(np.uint8)


def write_pngs() -> list[str]:
    """Every colour type and depth, plain and interlaced, with and without transparency. Returns the files' names."""
    names = []
    depths = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}
    for color, depth in [(c, d) for c, ds in depths.items() for d in ds]:
        for interlaced in (False, True):
            samples = random.integers(0, 2**depth, (11, 13, SAMPLES[color]), dtype=np.int64)
            palette = random.integers(0, 256, (2**depth, 3))
            keyed = color in (0, 2) and interlaced
            key = [int(v) for v in samples[3, 4]] if keyed else []
            alphas = [int(v) for v in random.integers(0, 256, 2)] if color == 3 and interlaced else []
            extra = [chunk(b"PLTE", palette.astype(np.uint8).tobytes())] if color == 3 else []
            if key or alphas:
                extra.append(chunk(b"tRNS", bytes(alphas) if alphas else struct.pack(f">{len(key)}H", *key)))
            name = f"color{color}-{depth}bit{'-interlaced' if interlaced else ''}"
            rgb = expected(samples, color, depth, palette, alphas, key)
            save(f"{name}.png", png(samples, color, depth, interlaced, extra), rgb)
            if color in (2, 3, 6) and not (keyed and depth == 16):
                image = Image.open(TARGET / f"{name}.png").convert("RGBA")
                pillow = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")
                assert np.abs(np.asarray(pillow).astype(int) - rgb).max() <= 1, name
            names.append(f"{name}.png")
    return names


# --- JPEG and orientation, by Pillow ---


def save(name: str, data: bytes, rgb: np.ndarray) -> None:
    (TARGET / name).write_bytes(data)
    np.save(TARGET / f"{name}.npy", np.ascontiguousarray(rgb))


def encoded(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def write_jpegs() -> list[str]:
    image = Image.fromarray(scene(21, 35))
    variants = {
        "grey": (image.convert("L"), {}),
        "444": (image, {"subsampling": 0}),
        "422": (image, {"subsampling": 1}),
        "420": (image, {"subsampling": 2}),
        "411": (image, {"subsampling": "4:1:1"}),
        "progressive": (image, {"progressive": True}),
        "restarts": (image, {"restart_marker_rows": 1}),
        "rgb": (image, {"keep_rgb": True}),
        "cmyk": (image.convert("CMYK"), {}),
        "narrow": (image.crop((0, 0, 3, 5)), {"subsampling": 2}),
    }
    for name, (variant, options) in variants.items():
        data = encoded(variant, "jpeg", quality=92, **options)
        save(f"{name}.jpg", data, np.asarray(Image.open(io.BytesIO(data)).convert("RGB")))
    return [f"{name}.jpg" for name in variants]


def write_orientations() -> list[str]:
    image = Image.fromarray(scene(9, 14))
    names = []
    for kind, suffix in (("jpeg", "jpg"), ("png", "png")):
        for orientation in range(1, 9):
            exif = Image.Exif()
            exif[0x010F] = "Pellucid"
            exif[0x0112] = orientation
            data = encoded(image, kind, exif=exif, **({"quality": 95} if kind == "jpeg" else {}))
            upright = ImageOps.exif_transpose(Image.open(io.BytesIO(data)))
            names.append(f"orientation{orientation}.{suffix}")
            save(names[-1], data, np.asarray(upright.convert("RGB")))
    return names


def write_refused() -> None:
    """Formats that are refused by name."""
    image = Image.fromarray(scene(4, 4))
    for kind in ("gif", "webp", "bmp", "tiff", "avif"):
        (TARGET / f"refused.{kind}").write_bytes(encoded(image, kind))


# --- resizing and preprocessing ---


def write_resized() -> dict:
    picture = scene(37, 53)
    image = Image.fromarray(picture)
    floats = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].double()
    np.save(TARGET / "scene.npy", picture)
    (TARGET / "scene.png").write_bytes(encoded(image, "png"))
    sizes = [(20, 17), (50, 60), (37, 11), (1, 1)]
    for height, width in sizes:
        for name, method in (("antialias", Image.BILINEAR), ("bicubic", Image.BICUBIC), ("nearest", Image.NEAREST)):
            np.save(TARGET / f"{name}-{height}x{width}.npy", np.asarray(image.resize((width, height), method)))
        blended = F.interpolate(floats, (height, width), mode="bilinear", align_corners=False)[0].permute(1, 2, 0).numpy()
        np.save(TARGET / f"bilinear-{height}x{width}.npy", blended.astype(np.float32))
    for height, width in ((16, 16), (10, 24), (24, 10)):
        cropped = keras.utils.load_img(TARGET / "scene.png", target_size=(height, width), keep_aspect_ratio=True, interpolation="bilinear")
        np.save(TARGET / f"crop-keras-{height}x{width}.npy", np.asarray(cropped))
        wide, tall = min(53, 37 * width // height), min(37, 53 * height // width)
        left, top = (53 - wide) // 2, (37 - tall) // 2
        part = image.crop((left, top, left + wide, top + tall)).resize((width, height), Image.BILINEAR)
        np.save(TARGET / f"crop-{height}x{width}.npy", np.asarray(part))
    return {"sizes": sizes}


def write_maps() -> dict:
    values = random.standard_normal((7, 9)).astype(np.float32)
    map_ = torch.from_numpy(values)[None, None]
    image = Image.fromarray(values)
    np.save(TARGET / "map.npy", values)
    sizes = [(16, 20), (5, 6), (1, 1)]
    for height, width in sizes:
        size = (height, width)
        resized = {
            "half-pixel": F.interpolate(map_, size, mode="bilinear", align_corners=False)[0, 0].numpy(),
            "align-corners": F.interpolate(map_, size, mode="bilinear", align_corners=True)[0, 0].numpy(),
            "asymmetric": tf.compat.v1.image.resize_bilinear(values[None, ..., None], size).numpy()[0, ..., 0],
            "bicubic": np.asarray(image.resize((width, height), Image.BICUBIC)),
            "nearest": np.asarray(image.resize((width, height), Image.NEAREST)),
        }
        for mode, result in resized.items():
            np.save(TARGET / f"map-{mode}-{height}x{width}.npy", result)
    return {"mapSizes": sizes}


def write_preprocessed() -> None:
    picture = np.load(TARGET / "scene.npy")
    corner = picture[:6, :5]
    np.save(TARGET / "corner.npy", corner)
    for mode in ("caffe", "tf", "torch"):
        x = corner[None].astype(np.float32)
        np.save(TARGET / f"corner-{mode}.npy", imagenet_utils.preprocess_input(x.copy(), mode=mode, data_format="channels_last"))
    np.save(TARGET / "corner-grey.npy", np.asarray(Image.fromarray(corner).convert("L")))


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    files = {"png": write_pngs(), "jpeg": write_jpegs(), "orientation": write_orientations()}
    write_refused()
    manifest = {**files, **write_resized(), **write_maps()}
    write_preprocessed()
    (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=1) + "\n")
