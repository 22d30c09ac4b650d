"""Trains Pellucid's embedded network on CIFAR-10 and keeps the averaged weights after every epoch.

    python train.py --data DIR --out network.pt [--minutes 90]

DIR holds CIFAR-10 as pictures: train/<class>/*.jpg (50,000) and test/<class>/*.jpg (10,000). Needs torch, numpy and
Pillow; runs on one or two CPU cores. The learning rate follows the clock, not the step, so that a slow machine still finishes
its schedule. `export.py` turns the result into the .keras file.
"""

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from network import SIZE, Network


def load(folder: Path) -> tuple[torch.Tensor, torch.Tensor, list[str]]:
    """All pictures of a split as uint8 [N,3,32,32], their class indices, the class names."""
    names = sorted(p.name for p in folder.iterdir() if p.is_dir())
    pictures, classes = [], []
    for index, name in enumerate(names):
        for file in sorted((folder / name).glob("*.jpg")):
            pictures.append(np.asarray(Image.open(file).convert("RGB")))
            classes.append(index)
    return torch.from_numpy(np.stack(pictures)).permute(0, 3, 1, 2).contiguous(), torch.tensor(classes), names


def warp(x: torch.Tensor, size: int, strength: float) -> torch.Tensor:
    """Random crop, zoom, stretch, turn, shift and flip in one resampling: [N,3,32,32] in 0..255 -> [N,3,size,size]."""
    n = len(x)
    u = lambda low, high: torch.empty(n).uniform_(low, high)
    zoom = torch.exp(u(math.log(0.55), math.log(1.15)) * strength)
    stretch = torch.exp(u(-0.2, 0.2) * strength)
    turn = u(-0.25, 0.25) * strength
    flip = torch.where(torch.rand(n) < 0.5, -1.0, 1.0)
    room = (1 - zoom).abs() + 0.15 * strength
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0] = zoom * stretch * torch.cos(turn) * flip
    theta[:, 0, 1] = -zoom * stretch * torch.sin(turn)
    theta[:, 1, 0] = zoom / stretch * torch.sin(turn) * flip
    theta[:, 1, 1] = zoom / stretch * torch.cos(turn)
    theta[:, 0, 2] = u(-1, 1) * room
    theta[:, 1, 2] = u(-1, 1) * room
    grid = F.affine_grid(theta, [n, 3, size, size], align_corners=False)
    mode = "bicubic" if torch.rand(()) < 0.6 else "bilinear"
    return F.grid_sample(x, grid, mode=mode, padding_mode="reflection", align_corners=False)


def recolour(x: torch.Tensor, strength: float) -> torch.Tensor:
    """Random sharpness, brightness, contrast, saturation, tint and noise, on 0..255. Photos are sharper than enlarged 32x32 pictures."""
    n = len(x)
    u = lambda low, high: torch.empty(n, 1, 1, 1).uniform_(low, high)
    blurred = F.avg_pool2d(F.pad(x, (1, 1, 1, 1), mode="replicate"), 3, 1)
    x = x + (x - blurred) * u(-0.6, 1.6) * strength
    mean = x.mean((1, 2, 3), keepdim=True)
    x = mean + (x - mean) * (1 + u(-0.4, 0.4) * strength) + u(-35, 35) * strength
    grey = x.mean(1, keepdim=True)
    x = grey + (x - grey) * (1 + u(-0.6, 0.5) * strength)
    x = x + torch.empty(n, 3, 1, 1).uniform_(-12, 12) * strength
    return (x + torch.randn_like(x) * u(0, 8) * strength).clamp(0, 255)


def erase(x: torch.Tensor, strength: float) -> torch.Tensor:
    """A grey rectangle over a part of some pictures."""
    n, _, size, _ = x.shape
    span = torch.arange(size)
    side = torch.empty(n, 2).uniform_(0.1, 0.45) * size
    start = torch.rand(n, 2) * (size - side)
    inside = lambda axis: (span >= start[:, axis, None]) & (span < (start + side)[:, axis, None])
    hit = (torch.rand(n) < 0.35 * strength)[:, None, None]
    mask = inside(0)[:, :, None] & inside(1)[:, None, :] & hit
    return torch.where(mask[:, None], torch.full_like(x, 127.5), x)


def accuracy(net: torch.nn.Module, x: torch.Tensor, y: torch.Tensor) -> float:
    """Share of pictures classified rightly, each enlarged to the network's size bilinearly."""
    net.eval()
    right = 0
    with torch.no_grad():
        for i in range(0, len(x), 500):
            batch = F.interpolate(x[i : i + 500].float(), (SIZE, SIZE), mode="bilinear", align_corners=False)
            right += (net(batch).argmax(1) == y[i : i + 500]).sum().item()
    return right / len(x)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=90)
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=0.15)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--resume", type=Path, help="a network.pt to go on from, at the same place of the schedule")
    args = parser.parse_args()
    torch.manual_seed(args.seed)
    torch.set_num_threads(args.threads)
    x, y, names = load(args.data / "train")
    test_x, test_y, _ = load(args.data / "test")
    net = Network(len(names)).to(memory_format=torch.channels_last)
    done = torch.load(args.resume) if args.resume else {"progress": 0.0, "epoch": 0}
    if args.resume:
        net.load_state_dict(done["weights"])
    average = torch.optim.swa_utils.AveragedModel(net, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998), use_buffers=True)
    decayed = [p for p in net.parameters() if p.ndim > 1]
    rest = [p for p in net.parameters() if p.ndim <= 1]
    optimizer = torch.optim.SGD([{"params": decayed, "weight_decay": 5e-4}, {"params": rest, "weight_decay": 0}], lr=args.rate, momentum=0.9, nesterov=True)
    start, epoch, progress = time.time(), done["epoch"], done["progress"]
    while progress < 1:
        net.train()
        losses = []
        for batch in torch.randperm(len(x)).split(args.batch):
            progress = done["progress"] + (time.time() - start) / 60 / args.minutes
            if progress >= 1 or len(batch) < args.batch:
                break
            warm = min(progress / 0.04, 1)
            rate = args.rate * warm * (0.5 + 0.5 * math.cos(math.pi * progress))
            for group in optimizer.param_groups:
                group["lr"] = rate
            # Small and strongly changed pictures first, the real size and milder changes towards the end.
            size = SIZE if progress > 0.5 else (40 if progress < 0.12 else 48)
            strength = 1.0 if progress < 0.75 else max(0.25, (1 - progress) * 4)
            inputs = erase(recolour(warp(x[batch].float(), size, strength), strength), strength).contiguous(memory_format=torch.channels_last)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                logits = net(inputs)
            loss = F.cross_entropy(logits.float(), y[batch], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            average.update_parameters(net)
            losses.append(loss.item())
        epoch += 1
        score = accuracy(average.module, test_x[:: 1 if progress > 0.7 else 5], test_y[:: 1 if progress > 0.7 else 5])
        print(f"epoch {epoch} progress {progress:.2f} loss {np.mean(losses):.3f} test accuracy {score:.4f}", flush=True)
        torch.save({"weights": average.module.state_dict(), "classes": names, "accuracy": score, "epoch": epoch, "progress": progress}, args.out)


if __name__ == "__main__":
    main()
