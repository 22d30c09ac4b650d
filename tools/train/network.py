"""The embedded network: a small VGG for 64x64 pictures, names as in Keras's VGG16."""

import torch
from torch import nn

SIZE = 64
BLOCKS = [(16, 32), (48, 64), (96, 96), (160, 160), (256,)]


class Network(nn.Module):
    """Blocks of 3x3 convolutions (each with batch normalization, which the export folds away) and 2x2 max pools, then a global average and one dense layer."""

    def __init__(self, classes: int):
        super().__init__()
        self.convs, self.norms = nn.ModuleDict(), nn.ModuleDict()
        channels = 3
        for b, widths in enumerate(BLOCKS, 1):
            for c, width in enumerate(widths, 1):
                self.convs[f"block{b}_conv{c}"] = nn.Conv2d(channels, width, 3, padding=1, bias=False)
                self.norms[f"block{b}_conv{c}"] = nn.BatchNorm2d(width)
                channels = width
        self.drop = nn.Dropout(0.2)
        self.predictions = nn.Linear(channels, classes)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits from pixels 0..255, [N,3,H,W]."""
        x = x / 127.5 - 1
        for b, widths in enumerate(BLOCKS, 1):
            for c in range(1, len(widths) + 1):
                name = f"block{b}_conv{c}"
                x = torch.relu(self.norms[name](self.convs[name](x)))
            x = nn.functional.max_pool2d(x, 2)
        return self.predictions(self.drop(x.mean((2, 3))))
