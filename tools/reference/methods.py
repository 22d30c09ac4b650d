"""Small networks as ONNX files, and what PyTorch's autograd says of them: Grad-CAM, gradients, gradient ascent.

    python tools/reference/methods.py        (numpy, torch, onnx; writes test/reference/methods)
"""

import itertools
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

    output, logit = "probabilities", "classifier"

    def __init__(self):
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 10, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)
        )
        self.classifier = nn.Linear(90, 5)
        nn.init.constant_(self.features[0].bias[2:3], -1000.0)
        nn.init.normal_(self.classifier.weight)

    def tensors(self, x):
        found = {}
        for i, layer in enumerate(self.features):
            x = found[f"features.{i}"] = layer(x)
        found["classifier"] = self.classifier(x.flatten(1))
        return found | {"probabilities": found["classifier"].softmax(1)}


class Residual(nn.Module):
    """Strides, batch normalisation, a shortcut, global average pooling, plain scores: as a small ResNet."""

    output = logit = "scores"

    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, stride=2, padding=1, bias=False)
        self.norm1 = nn.BatchNorm2d(8)
        self.conv = nn.Conv2d(8, 8, 3, padding=1, groups=2, bias=False)
        self.norm2 = nn.BatchNorm2d(8)
        self.relu = nn.ReLU()
        self.head = nn.Linear(8, 4)
        nn.init.normal_(self.head.weight)
        for norm in (self.norm1, self.norm2):
            norm.running_mean.uniform_(-0.5, 0.5)
            norm.running_var.uniform_(0.5, 2)
            nn.init.uniform_(norm.weight, 0.5, 1.5)
            nn.init.uniform_(norm.bias, -0.5, 0.5)

    def tensors(self, x):
        norm1 = self.norm1(self.stem(x))
        stem = torch.relu(norm1)
        conv = self.conv(stem)
        relu = self.relu(self.norm2(conv) + stem)
        return {"norm1": norm1, "conv": conv, "relu": relu, "scores": self.head(relu.mean((2, 3)))}


class Binary(nn.Module):
    """One sigmoid unit."""

    output, logit = "probability", "unit"

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(3, 6, 5, padding=2)
        self.relu = nn.ReLU()
        self.unit = nn.Linear(6 * 16, 1)

    def tensors(self, x):
        relu = self.relu(self.conv(x))
        unit = self.unit(torch.max_pool2d(relu, 3).flatten(1))
        return {"relu": relu, "unit": unit, "probability": unit.sigmoid()}


def export(network, path):
    network.forward = lambda x: network.tensors(x)[network.output]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            torch.zeros(1, 3, SIZE, SIZE),
            path,
            dynamo=False,
            opset_version=17,
            training=torch.onnx.TrainingMode.PRESERVE,
            do_constant_folding=False,
            input_names=["image"],
            output_names=[network.output],
            dynamic_axes={"image": {0: "N", 2: "H", 3: "W"}} if isinstance(network, Residual) else {"image": {0: "N"}},
        )


def grad_cam(network, x, layer, target, score, relu=True, channels="mean", normalize="max"):
    """One map for each picture: channel weights are the gradient's mean over positions. A blank map is all zeros."""
    found = network.tensors(x)
    scores = found[network.output if score == "output" else network.logit]
    if scores.shape[1] == 1:
        scores = torch.cat([1 - scores if score == "output" else -scores, scores], 1)
    chosen = scores.argmax(1) if target is None else torch.full((len(x),), target)
    value = scores.gather(1, chosen[:, None])
    (gradient,) = torch.autograd.grad(value.sum(), found[layer])
    weighted = gradient.mean((2, 3), keepdim=True) * found[layer]
    maps = weighted.mean(1) if channels == "mean" else weighted.sum(1)
    maps = maps.relu() if relu else maps
    if normalize == "max":
        maps = maps / maps.abs().amax((1, 2), keepdim=True)
    if normalize == "minmax":
        maps = maps - maps.amin((1, 2), keepdim=True)
        maps = maps / maps.amax((1, 2), keepdim=True)
    return {"classes": chosen.tolist(), "shape": list(maps.shape), "maps": numbers(maps.nan_to_num(0))}


def mix(x):
    x = ((x ^ (x >> 17)) * 0xED5AD4BB) % 2**32
    x = ((x ^ (x >> 11)) * 0xAC4C1B51) % 2**32
    x = ((x ^ (x >> 15)) * 0x31848BAB) % 2**32
    return x ^ (x >> 14)


def uniform(seed, stream, count):
    start = mix((mix(seed) + stream) % 2**32)
    return np.array([mix((start + i * 0x9E3779B9) % 2**32) / 2**32 for i in range(count)])


def ascend(network, layer, filter, steps, mean, std, scale, normalize="rms", step_size=1.0, limits=None, seed=0):
    """The pictures after `steps` steps on the mean activation of one filter, in the network's own input space."""
    mean, std = (torch.tensor(v, dtype=torch.float64).reshape(-1, 1, 1) for v in (mean, std))
    start = 128 + 20 * uniform(seed, filter, SIZE * SIZE * 3).reshape(SIZE, SIZE, 3)
    x = (torch.tensor(start).permute(2, 0, 1) * scale - mean) / std
    activations = []
    for step in range(steps + 1):
        x = x.detach().requires_grad_()
        activation = network.tensors(x[None])[layer][0, filter].mean()
        activations.append(activation.item())
        (g,) = torch.autograd.grad(activation, x)
        divisor = g.square().mean().sqrt() + 1e-5 if normalize == "rms" else g.square().sum().clamp(min=1e-12).sqrt()
        if step < steps:
            x = x + step_size * scale / std * g / divisor
            if limits:
                low, high = ((limit * scale - mean) / std for limit in limits)
                x = torch.minimum(torch.maximum(x, low), high)
    return {"activations": activations, "image": numbers(x)}


def numbers(tensor):
    return [float(f"{v:.7g}") for v in tensor.detach().double().flatten().tolist()]


def cams(name, network, x):
    layers = {"plain": ["features.4", "features.1"], "residual": ["relu", "conv"], "binary": ["relu"]}[name]
    scores = ["output"] if network.output == network.logit else ["output", "logit"]
    targets = [None, 0, 1]
    cases = [dict(layer=layers[0], target=t, score=s) for t, s in itertools.product(targets, scores)]
    cases += [dict(layer=layer, target=1, score=scores[-1]) for layer in layers[1:]]
    for options in (dict(relu=False), dict(channels="sum"), dict(normalize="minmax"), dict(normalize="none"), dict(relu=False, normalize="minmax")):
        cases.append(dict(layer=layers[0], target=1, score=scores[-1], **options))
    return [{"options": case, **grad_cam(network, x, **case)} for case in cases]


RAW = dict(mean=[0.0], std=[1.0], scale=1.0)
TORCH = dict(mean=[0.485, 0.456, 0.406], std=[0.229, 0.224, 0.225], scale=1 / 255)
ASCENTS = {
    "plain": [
        ("raw", dict(layer="features.0", filter=3, steps=4)),
        ("raw", dict(layer="features.4", filter=7, steps=4, seed=5)),
        ("torch", dict(layer="features.4", filter=1, steps=4)),
        ("torch", dict(layer="classifier", filter=2, steps=4)),
        ("torch", dict(layer="features.3", filter=9, steps=4, normalize="l2", step_size=2550.0)),
        ("torch", dict(layer="features.1", filter=0, steps=6, step_size=20.0, limits=[100.0, 160.0])),
        ("torch", dict(layer="features.5", filter=1, steps=4)),
    ],
    "residual": [("torch", dict(layer=layer, filter=3, steps=4)) for layer in ("norm1", "conv", "relu")],
    "binary": [("torch", dict(layer="unit", filter=0, steps=4))],
}


def ascents(name, network):
    """In double precision, so that the trajectories say what the mathematics is."""
    scalings = {"raw": RAW, "torch": TORCH}
    return [{"preset": preset, "options": case, **ascend(network, **case, **scalings[preset])} for preset, case in ASCENTS[name]]


def gradients(network, x):
    """d Σ probabilities[:, 3] / d of the input and of a layer."""
    found = network.tensors(x.requires_grad_())
    value = found[network.output][:, 3].sum()
    input_gradient, layer_gradient = torch.autograd.grad(value, [x, found["features.2"]])
    return {"index": 3, "image": numbers(input_gradient), "features.2": numbers(layer_gradient)}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for i, (name, kind) in enumerate({"plain": Plain, "residual": Residual, "binary": Binary}.items()):
        torch.manual_seed(i)
        with torch.no_grad():
            network = kind().eval()
        export(network, OUT / f"{name}.onnx")
        x = torch.tensor(np.random.default_rng(i).normal(size=(2, 3, SIZE, SIZE)).round(3), dtype=torch.float32)
        found = network.tensors(x)
        expected = {"input": numbers(x), "output": numbers(found[network.output]), "cams": cams(name, network, x)}
        if name == "plain":
            expected["gradients"] = gradients(network, x)
        expected["ascents"] = ascents(name, network.double())
        (OUT / f"{name}.json").write_text(json.dumps(expected))


if __name__ == "__main__":
    main()
