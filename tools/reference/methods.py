"""Small networks as ONNX files, and what PyTorch's autograd says of them: Grad-CAM, gradients, gradient ascent.

    python tools/reference/methods.py        (numpy, torch, onnx; writes test/reference/methods)
"""

import json
import warnings
from pathlib import Path

import numpy as np
import torch
from torch import nn

OUT = Path(__file__).parents[2] / "test" / "reference" / "methods"
SIZE = 12


class Plain(nn.Module):
    """Convolutions, ReLU, max pooling, a softmax: as a small VGG. Channel 2 of the first layer never answers."""

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 10, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.classifier = nn.Linear(90, 5)
        nn.init.constant_(self.features[0].bias[2:3], -1000.0)

    def forward(self, x):
        logits = self.classifier(self.features(x).flatten(1))
        return {"probabilities": logits.softmax(1)}, {"classifier": logits}


class Residual(nn.Module):
    """Strides, batch normalisation, a shortcut, global average pooling, plain scores: as a small ResNet."""

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(8)
        self.conv = nn.Conv2d(8, 8, 3, padding=1, groups=2, bias=False)
        self.norm2 = nn.BatchNorm2d(8)
        self.relu = nn.ReLU()
        self.head = nn.Linear(8, 4)
        for norm in (self.norm1, self.norm2):
            norm.running_mean.uniform_(-0.5, 0.5)
            norm.running_var.uniform_(0.5, 2)
            nn.init.uniform_(norm.weight, 0.5, 1.5)
            nn.init.uniform_(norm.bias, -0.5, 0.5)

    def forward(self, x):
        stem = torch.relu(self.norm1(self.stem(x)))
        out = self.relu(self.norm2(self.conv(stem)) + stem)
        return {"scores": self.head(out.mean((2, 3)))}, {}


class Binary(nn.Module):
    """One sigmoid unit: cats and dogs."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 5, padding=2)
        self.unit = nn.Linear(6 * 16, 1)

    def forward(self, x):
        pooled = torch.max_pool2d(torch.relu(self.conv(x)), 3)
        logit = self.unit(pooled.flatten(1))
        return {"probability": logit.sigmoid()}, {"logit": logit}


def mix(x):
    x = ((x ^ (x >> 17)) * 0xED5AD4BB) % 2**32
    x = ((x ^ (x >> 11)) * 0xAC4C1B51) % 2**32
    x = ((x ^ (x >> 15)) * 0x31848BAB) % 2**32
    return x ^ (x >> 14)


def uniform(seed, stream, count):
    start = mix((mix(seed) + stream) % 2**32)
    return np.array([mix((start + i * 0x9E3779B9) % 2**32) / 2**32 for i in range(count)])
