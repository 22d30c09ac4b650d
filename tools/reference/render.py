"""Writes test/reference/render: colormaps, channels, deprocessed tensors and overlays as NumPy, matplotlib, PyTorch and
Keras make them, step by step as in "Deep Learning with Python", chapters 5.4 and 9.4.

    python tools/reference/render.py
"""

import pathlib

import keras
import numpy as np
import torch
import torch.nn.functional as F
from matplotlib import colormaps

TARGET = pathlib.Path(__file__).parents[2] / "test/reference/render"
NAMES = ["viridis", "magma", "inferno", "turbo", "jet", "RdBu_r", "gray"]
random = np.random.default_rng(11)


def save(name: str, array: np.ndarray) -> None:
    np.save(TARGET / f"{name}.npy", np.ascontiguousarray(array))


def write_colormaps() -> None:
    save("colormaps", np.stack([colormaps[name](np.arange(256), bytes=True)[:, :3] for name in NAMES]))


def channel_levels(channel: np.ndarray) -> np.ndarray:
    """The second edition's scaling of one channel."""
    if channel.sum() != 0:
        channel = channel - channel.mean()
        channel = channel / channel.std()
        channel = channel * 64 + 128
    return np.clip(channel, 0, 255).astype("uint8")


def write_channels() -> None:
    layer = np.maximum(random.normal(0.2, 1, (5, 9, 7)), 0)
    layer[2] = 0
    levels = np.stack([channel_levels(channel) for channel in layer])
    save("layer", layer.astype(np.float32))
    save("layer-levels", levels)
    save("layer-viridis", colormaps["viridis"](levels[0], bytes=True)[..., :3])
    low, high = layer[1].min(), layer[1].max()
    save("layer-minmax", np.floor((layer[1] - low) / (high - low) * 255).astype("uint8"))


def soft(x: np.ndarray) -> np.ndarray:
    """deprocess_image of the first edition."""
    x = (x - x.mean()) / (x.std() + 1e-5) * 0.1 + 0.5
    return np.clip(np.clip(x, 0, 1) * 255, 0, 255).astype("uint8")


def strong(x: np.ndarray) -> np.ndarray:
    """deprocess_image of the second edition, before it crops."""
    return np.clip((x - x.mean()) / x.std() * 64 + 128, 0, 255).astype("uint8")


def write_deprocessed() -> None:
    x = random.normal(40, 20, (8, 10, 3))
    save("ascent", x.astype(np.float32))
    save("ascent-soft", soft(x))
    save("ascent-strong", strong(x))


def write_overlays() -> None:
    """The map grows first and is coloured then; the chapter colours first."""
    picture = np.clip(random.normal(110, 60, (30, 44, 3)), 0, 255).astype(np.uint8)
    heatmap = np.maximum(random.normal(0.3, 0.6, (5, 7)), 0).astype(np.float32)
    save("picture", picture)
    save("heatmap", heatmap)
    grown = F.interpolate(torch.from_numpy(heatmap / heatmap.max())[None, None], (30, 44), mode="bilinear")[0, 0].numpy()
    jet = colormaps["jet"](grown)[..., :3] * 255
    save("overlay-stretch", np.asarray(keras.utils.array_to_img(jet * 0.4 + picture)))
    save("overlay-clip", np.clip(jet * 0.4 + picture, 0, 255).astype(np.uint8))
    save("overlay-mix", (jet * 0.4 + picture * 0.6).astype(np.uint8))


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    write_colormaps()
    write_channels()
    write_deprocessed()
    write_overlays()
