"""Exports a small PyTorch network in three ways and writes what every module of it returned to test/reference/onnx-exports.

Needs torch and onnxscript.

    python tools/reference/onnx-exports.py
"""

import json
import warnings
from pathlib import Path

import onnx
import torch
from torch import nn
from torch.nn import functional as F

OUT = Path(__file__).parents[2] / "test/reference/onnx-exports"
SIZE = 12


class Block(nn.Module):
    """A residual block that uses its ReLU twice."""

    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU(inplace=True)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.bn2 = nn.BatchNorm2d(outputs)
        self.downsample = nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))

    def forward(self, x):
        y = self.relu(self.bn1(self.conv1(x)))
        return self.relu(self.bn2(self.conv2(y)) + self.downsample(x))


class SqueezeExcite(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.avgpool = nn.AdaptiveAvgPool2d(1)
        self.fc1 = nn.Conv2d(channels, 3, 1)
        self.fc2 = nn.Conv2d(3, channels, 1)
        self.activation = nn.SiLU()
        self.scale_activation = nn.Sigmoid()

    def forward(self, x):
        return self.scale_activation(self.fc2(self.activation(self.fc1(self.avgpool(x))))) * x


class LayerNorm2d(nn.LayerNorm):
    def forward(self, x):
        x = F.layer_norm(x.permute(0, 2, 3, 1), self.normalized_shape, self.weight, self.bias, self.eps)
        return x.permute(0, 3, 1, 2)


class Mixer(nn.Module):
    """Convolution, then a small network along the channels, as in ConvNeXt."""

    def __init__(self, channels):
        super().__init__()
        self.block = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1, groups=channels), nn.Hardswish(), LayerNorm2d(channels))
        self.up, self.act, self.down = nn.Linear(channels, 5), nn.GELU(), nn.Linear(5, channels)
        self.gamma = nn.Parameter(torch.linspace(0.5, 1.5, channels).reshape(-1, 1, 1))
        self.norm, self.mish = nn.GroupNorm(2, channels), nn.Mish()

    def forward(self, x):
        y = self.down(self.act(self.up(self.block(x).permute(0, 2, 3, 1)))).permute(0, 3, 1, 2)
        return self.mish(self.norm(x + self.gamma * y))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(nn.Conv2d(3, 4, 3, 2, 1), nn.ReLU6(), nn.MaxPool2d(2, 1))
        self.layer1 = nn.Sequential(Block(4, 6, 1), Block(6, 6, 2))
        self.se, self.mixer = SqueezeExcite(6), Mixer(6)
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(6, 5))

    def forward(self, x):
        x = self.mixer(self.se(self.layer1(self.features(x))))
        return F.softmax(self.head(F.relu(x).mean([2, 3])), 1)


def record(model, x):
    """Shape, mean and deviation of what every innermost module returned, call by call."""
    calls = {}

    def hook(path):
        return lambda module, inputs, y: calls.setdefault(path, []).append([list(y.shape), y.mean().item(), y.std().item()])

    for path, module in model.named_modules():
        if not list(module.children()):
            module.register_forward_hook(hook(path))
    y = model(x)
    for module in model.modules():
        module._forward_hooks.clear()
    return y, calls


def slim(path):
    """Leaves off what only the exporter's debugging needs."""
    model = onnx.load(path)
    for node in model.graph.node:
        kept = [p for p in node.metadata_props if p.key in ("pkg.torch.onnx.name_scopes", "pkg.torch.onnx.class_hierarchy")]
        del node.metadata_props[:]
        node.metadata_props.extend(kept)
        node.doc_string = ""
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]
    onnx.save(model, path)


def main():
    warnings.filterwarnings("ignore")
    OUT.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(0)
    model = Network()
    for module in model.modules():
        if isinstance(module, (nn.BatchNorm2d, nn.GroupNorm, nn.LayerNorm)):
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.uniform_(module.bias, -0.3, 0.3)
        if isinstance(module, nn.BatchNorm2d):
            module.running_mean.uniform_(-0.2, 0.2)
            module.running_var.uniform_(0.5, 1.5)
    model.eval()
    x = torch.randn(1, 3, SIZE, SIZE)
    with torch.no_grad():
        y, calls = record(model, x)
    names = {"input_names": ["input"], "output_names": ["output"]}
    asis = {"training": torch.onnx.TrainingMode.PRESERVE, "do_constant_folding": False}
    torch.onnx.export(model, (x,), OUT / "torchscript.onnx", dynamo=False, opset_version=13, dynamic_axes={"input": {0: "batch"}}, **names, **asis)
    torch.onnx.export(model, (x,), OUT / "torchscript-folded.onnx", dynamo=False, opset_version=17, **names)
    torch.onnx.export(model, (x,), OUT / "dynamo.onnx", dynamo=True, external_data=False, verbose=False, dynamic_shapes=({0: "batch"},), **names)
    slim(OUT / "dynamo.onnx")
    rounded = lambda values: [float(f"{v:.6g}") for v in values]
    calls = {path: [[shape, *rounded(stats)] for shape, *stats in made] for path, made in calls.items()}
    (OUT / "modules.json").write_text(json.dumps({"x": rounded(x.flatten().tolist()), "y": rounded(y.flatten().tolist()), "calls": calls}))


if __name__ == "__main__":
    main()
