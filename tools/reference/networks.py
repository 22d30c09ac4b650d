"""Small networks with branches and shape arithmetic as PyTorch's two exporters write them, and what autograd says of them.

    python tools/reference/networks.py        (numpy, torch, onnx, onnxscript; writes test/reference/networks)

Every network is exported with an open batch, height and width, so that the sizes in it are computed by Shape, Gather, Concat ...
"""

import json
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from torch import nn

OUT = Path(__file__).parents[2] / "test" / "reference" / "networks"
SIZE = (12, 16)


class Branches(nn.Module):
    """Inception and DenseNet: tensors that several branches use, joined along the channels; squeeze and excitation."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, stride=2, padding=1)
        self.wide = nn.Conv2d(4, 3, 5, padding=2)
        self.point = nn.Conv2d(4, 2, 1)
        self.dense = nn.Conv2d(13, 4, 3, padding=2, dilation=2, groups=1)
        self.squeeze = nn.Linear(17, 4)
        self.excite = nn.Linear(4, 17)
        self.head = nn.Linear(17, 5)

    def forward(self, x):
        x = F.elu(self.stem(x))
        pooled = F.max_pool2d(x, 3, stride=1, padding=1)
        mean = F.avg_pool2d(x, 3, stride=1, padding=1, count_include_pad=False)
        x = torch.cat([torch.tanh(self.wide(x)), self.point(pooled), mean, x], 1)
        x = torch.cat([x, F.silu(self.dense(x))], 1)
        weights = torch.sigmoid(self.excite(F.relu(self.squeeze(x.mean((2, 3))))))
        x = x * weights[:, :, None, None]
        return self.head(torch.flatten(F.adaptive_avg_pool2d(x, 1), 1))


class Shuffle(nn.Module):
    """ShuffleNet: halves of the channels, depthwise convolutions, channels shuffled by views; PixelShuffle at the end."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=1)
        self.depthwise = nn.Conv2d(4, 4, 3, stride=1, padding=1, groups=4)
        self.point = nn.Conv2d(4, 4, 1)
        self.norm = nn.BatchNorm2d(8)
        self.shuffle = nn.PixelShuffle(2)
        self.head = nn.Conv2d(2, 2, 3, stride=3)
        self.norm.running_mean.uniform_(-0.5, 0.5)
        self.norm.running_var.uniform_(0.5, 2)

    def forward(self, x):
        x = F.hardswish(self.norm(self.stem(x)))
        left, right = x.chunk(2, dim=1)
        x = torch.cat([left, F.relu6(self.point(self.depthwise(right)))], dim=1)
        n, c, h, w = x.shape
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        x = F.pad(x, (1, 2, 1, 0), mode="reflect")
        x = self.head(self.shuffle(F.max_pool2d(x, 2)))
        return x.amax((2, 3)) + x[:, :, ::2, 1:].mean((2, 3))


class Skips(nn.Module):
    """U-Net: down by strides, up by transposed convolutions and by interpolation to the size of what is skipped to."""

    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(3, 4, 3, padding=1)
        self.down = nn.Conv2d(4, 6, 3, stride=2, padding=1)
        self.deeper = nn.Conv2d(6, 6, 3, stride=2, padding=1)
        self.up = nn.ConvTranspose2d(6, 6, 3, stride=2, padding=1, output_padding=1)
        self.norm = nn.GroupNorm(2, 6)
        self.mix = nn.Conv2d(10, 3, 3, padding=1, padding_mode="replicate")
        self.prelu = nn.PReLU(6)

    def forward(self, x):
        first = F.leaky_relu(self.first(x), 0.1)
        down = F.gelu(self.down(first))
        up = self.prelu(self.norm(self.up(F.softplus(self.deeper(down)))))
        up = F.interpolate(up[:, :, : down.shape[2], : down.shape[3]] + down, size=first.shape[2:], mode="bilinear", align_corners=False)
        x = self.mix(torch.cat([up, first], 1))
        x = F.interpolate(x, scale_factor=0.5, mode="nearest") - F.avg_pool2d(x, 2, ceil_mode=True)
        return x.flatten(2).softmax(-1).amax(-1) + x.std((2, 3))


class Attention(nn.Module):
    """ViT: patches, a class token, position embeddings, layer normalisation, attention heads by views."""

    def __init__(self):
        super().__init__()
        self.patches = nn.Conv2d(3, 8, 4, stride=4)
        self.token = nn.Parameter(torch.randn(1, 1, 8))
        self.positions = nn.Parameter(torch.randn(1, 13, 8))
        self.norm1, self.norm2 = nn.LayerNorm(8), nn.LayerNorm(8)
        self.qkv = nn.Linear(8, 24)
        self.project = nn.Linear(8, 8)
        self.mlp = nn.Sequential(nn.Linear(8, 16), nn.GELU(), nn.Linear(16, 8))
        self.head = nn.Linear(8, 4)

    def forward(self, x):
        n = x.shape[0]
        x = self.patches(x).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(n, -1, -1), x], 1) + self.positions
        y = self.norm1(x)
        length = y.shape[1]
        q, k, v = self.qkv(y).reshape(n, length, 3, 2, 4).permute(2, 0, 3, 1, 4).unbind(0)
        weights = (q @ k.transpose(-2, -1) / 2).softmax(-1)
        x = x + self.project((weights @ v).transpose(1, 2).reshape(n, length, 8))
        x = x + self.mlp(self.norm2(x))
        return self.head(x[:, 0])


NETWORKS = {"branches": Branches, "shuffle": Shuffle, "skips": Skips, "attention": Attention}


def export(network, x, path):
    """By the exporter of PyTorch 1 (through TorchScript) and by that of PyTorch 2 (through torch.export)."""
    open_sizes = {0: "batch", 2: "height", 3: "width"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            (x,),
            path.with_suffix(".script.onnx"),
            dynamo=False,
            opset_version=17,
            input_names=["x"],
            output_names=["y"],
            dynamic_axes={"x": open_sizes},
        )
        program = torch.onnx.export(
            network,
            (x,),
            dynamo=True,
            opset_version=18,
            input_names=["x"],
            output_names=["y"],
            dynamic_shapes=({0: "batch", 2: "height", 3: "width"},) if not isinstance(network, Attention) else ({0: "batch"},),
        )
        save_bare(program.model_proto, path.with_suffix(".export.onnx"))


def save_bare(model, path):
    """Without the exporter's notes on where in which file a node comes from."""
    for node in model.graph.node:
        del node.metadata_props[:]
    onnx.save(model, path)


def numbers(tensor):
    return [float(f"{v:.7g}") for v in tensor.detach().double().flatten().tolist()]


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for i, (name, kind) in enumerate(NETWORKS.items()):
        torch.manual_seed(i)
        with torch.no_grad():
            network = kind().eval()
        generator = np.random.default_rng(i)
        x = torch.tensor(generator.normal(size=(2, 3, *SIZE)).round(3), dtype=torch.float32)
        export(network, x, OUT / name)
        network.double()
        x = x.double().requires_grad_()
        y = network(x)
        seed = torch.tensor(generator.normal(size=y.shape).round(3))
        (dx,) = torch.autograd.grad((seed * y).sum(), x)
        expected = {"x": numbers(x), "y": numbers(y), "seed": numbers(seed), "dx": numbers(dx), "shapes": {"x": list(x.shape), "y": list(y.shape)}}
        (OUT / f"{name}.json").write_text(json.dumps(expected) + "\n")


if __name__ == "__main__":
    main()
