"""The benchmark's PyTorch side: VGG16 on the weights that main.ts made, one timed run for each line on stdin.

    python pytorch.py WEIGHTS.bin

Reads a task's name a line (forward, grad-cam, gradient, ascent-1, ascent-8), answers {"ms": …, "check": [first values
of the result]}. Written as a PyTorch user who cares for speed would: no gradients for weights, no graph in front of the
layer that Grad-CAM looks at.
"""

import json
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

BLOCKS = [(64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)]
DENSE = [(25088, 4096), (4096, 4096), (4096, 1000)]


def read_weights(path: str) -> list[torch.Tensor]:
    """Kernels OIHW and biases in the network's order, then the dense layers [in,out] and their biases."""
    flat = np.memmap(path, dtype="<f4", mode="r")
    shapes, channels = [], 3
    for widths in BLOCKS:
        for width in widths:
            shapes += [(width, channels, 3, 3), (width,)]
            channels = width
    for inputs, outputs in DENSE:
        shapes += [(inputs, outputs), (outputs,)]
    tensors, offset = [], 0
    for shape in shapes:
        size = int(np.prod(shape))
        tensors.append(torch.from_numpy(np.array(flat[offset : offset + size]).reshape(shape)))
        offset += size
    return tensors


class Vgg16:
    def __init__(self, weights: list[torch.Tensor]):
        self.convs = [(weights[2 * i], weights[2 * i + 1]) for i in range(13)]
        self.dense = [(w.t().contiguous(), b) for w, b in zip(weights[26::2], weights[27::2])]

    def features(self, x: torch.Tensor, until: int = 13, linear: bool = False) -> torch.Tensor:
        """The first `until` convolutions with their ReLUs and the pools between them."""
        done = 0
        for widths in BLOCKS:
            for _ in widths:
                w, b = self.convs[done]
                x = F.relu(F.conv2d(x, w, b, padding=1), inplace=True)
                done += 1
                if done == until:
                    return x
            x = F.max_pool2d(x, 2)
        raise ValueError(until)

    def head(self, x: torch.Tensor) -> torch.Tensor:
        """Logits from the last convolution's output."""
        x = F.max_pool2d(x, 2).flatten(1)
        for w, b in self.dense[:2]:
            x = F.relu(F.linear(x, w, b))
        return F.linear(x, *self.dense[2])


def image(n: int, size: int) -> torch.Tensor:
    """The same numbers as main.ts: a slow ripple around zero."""
    i = torch.arange(n * 3 * size * size, dtype=torch.float64)
    return (torch.sin(i * 0.37) * 60).float().reshape(n, 3, size, size)


def main() -> None:
    torch.set_num_threads(int(sys.argv[2]) if len(sys.argv) > 2 else torch.get_num_threads())
    net = Vgg16(read_weights(sys.argv[1]))
    big, small = image(1, 224), {1: image(1, 150), 8: image(8, 150)}

    def forward():
        with torch.no_grad():
            return torch.softmax(net.head(net.features(big)), 1)

    def grad_cam():
        with torch.no_grad():
            maps = net.features(big)
        maps.requires_grad_(True)
        (gradient,) = torch.autograd.grad(net.head(maps)[0, 386], maps)
        return F.relu((maps.detach() * gradient.mean((2, 3), keepdim=True)).mean(1))

    def gradient():
        x = big.clone().requires_grad_(True)
        return torch.autograd.grad(net.head(net.features(x))[0, 386], x)[0]

    def ascent(n: int):
        x = small[n].clone().requires_grad_(True)
        score = net.features(x, until=5)[:, 3].mean((1, 2)).sum()
        (g,) = torch.autograd.grad(score, x)
        return x.detach() + g / (g.square().mean((1, 2, 3), keepdim=True).sqrt() + 1e-5)

    tasks = {"forward": forward, "grad-cam": grad_cam, "gradient": gradient, "ascent-1": lambda: ascent(1), "ascent-8": lambda: ascent(8)}
    print(json.dumps({"version": torch.__version__}), flush=True)
    for line in sys.stdin:
        start = time.perf_counter()
        result = tasks[line.strip()]()
        ms = (time.perf_counter() - start) * 1000
        print(json.dumps({"ms": ms, "check": result.flatten()[:64].tolist()}), flush=True)


if __name__ == "__main__":
    main()
