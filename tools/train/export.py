"""Turns the trained network into assets/network/cifar10-vgg.keras, a file that Keras itself opens.

    python export.py --weights network.pt --out ../../assets/network [--data DIR]

Folds every batch normalization into its convolution, builds the same network in Keras, and refuses to save unless both
give the same predictions. With --data (see train.py) it also counts Keras's right answers on the test pictures. Needs
torch, keras with any backend, numpy and Pillow.
"""

import argparse
import json
import os
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")

import keras
import numpy as np
import torch
import torch.nn.functional as F
from keras import layers

from network import BLOCKS, SIZE, Network
from train import load


def folded(net: Network, name: str) -> tuple[np.ndarray, np.ndarray]:
    """A convolution's kernel (rows, columns, in, out) and bias with its batch normalization inside."""
    norm = net.norms[name]
    scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
    kernel = net.convs[name].weight * scale[:, None, None, None]
    bias = norm.bias - norm.running_mean * scale
    return kernel.permute(2, 3, 1, 0).detach().numpy(), bias.detach().numpy()


def keras_model(classes: int) -> keras.Model:
    stack = [keras.Input((SIZE, SIZE, 3), name="image"), layers.Rescaling(1 / 127.5, offset=-1, name="rescaling")]
    for b, widths in enumerate(BLOCKS, 1):
        stack += [layers.Conv2D(w, 3, padding="same", activation="relu", name=f"block{b}_conv{c}") for c, w in enumerate(widths, 1)]
        stack.append(layers.MaxPooling2D(2, name=f"block{b}_pool"))
    stack += [layers.GlobalAveragePooling2D(name="global_average_pool"), layers.Dense(classes, activation="softmax", name="predictions")]
    x = stack[0]
    for layer in stack[1:]:
        x = layer(x)
    return keras.Model(stack[0], x, name="cifar10_vgg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--weights", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path)
    args = parser.parse_args()
    saved = torch.load(args.weights)
    net = Network(len(saved["classes"]))
    net.load_state_dict(saved["weights"])
    net.eval()
    model = keras_model(len(saved["classes"]))
    for name in net.convs:
        model.get_layer(name).set_weights(folded(net, name))
    model.get_layer("predictions").set_weights([net.predictions.weight.detach().numpy().T, net.predictions.bias.detach().numpy()])

    pixels = torch.rand(16, 3, SIZE, SIZE) * 255
    with torch.no_grad():
        wanted = torch.softmax(net(pixels), 1).numpy()
    given = keras.ops.convert_to_numpy(model(pixels.permute(0, 2, 3, 1).numpy()))
    assert np.abs(wanted - given).max() < 1e-4, np.abs(wanted - given).max()

    args.out.mkdir(parents=True, exist_ok=True)
    model.save(args.out / "cifar10-vgg.keras")
    (args.out / "labels.json").write_text(json.dumps(saved["classes"]) + "\n")
    print(f"{model.count_params()} parameters, {(args.out / 'cifar10-vgg.keras').stat().st_size} bytes, epoch {saved['epoch']}")

    if args.data:
        again = keras.models.load_model(args.out / "cifar10-vgg.keras")
        x, y, names = load(args.data / "test")
        right = np.zeros(len(names), int)
        for i in range(0, len(x), 500):
            batch = F.interpolate(x[i : i + 500].float(), (SIZE, SIZE), mode="bilinear", align_corners=False).permute(0, 2, 3, 1).numpy()
            answers = keras.ops.convert_to_numpy(again(batch)).argmax(1)
            for k in range(len(names)):
                right[k] += ((answers == y[i : i + 500].numpy()) & (y[i : i + 500].numpy() == k)).sum()
        counts = np.bincount(y.numpy())
        print(f"test accuracy {right.sum() / len(x):.4f}")
        for k, name in enumerate(names):
            print(f"  {name} {right[k] / counts[k]:.3f}")


if __name__ == "__main__":
    main()
