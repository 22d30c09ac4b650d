"""Operations between layers, in families: small models of one operation a branch, and what Keras says of every branch.

    KERAS_BACKEND=tensorflow python tools/reference/keras_operations.py     (writes test/reference/keras/layers/operation-*)

The files are made as keras_layers.py makes its own. Where TensorFlow has no gradient, or another than that of
its numbers (transformed pictures), the branch has none.
"""

import keras
import numpy as np
from keras import ops
from keras.src.ops import nn
from keras_layers import OUT, SHAPES, write

SHAPES |= {"small": (3, 4, 2), "plane": (3, 4), "square": (3, 3), "point": (3,), "number": (), "signal": (12,), "spectrum": (3, 5), "first": (2, 4, 5), "heads": (4, 2, 3), "photo": (4, 5, 3)}

image = ops.image

# Keras 3.15 hands the padding of a saved transposed convolution over in the wrong place.
nn.ConvTranspose.call = lambda self, inputs, kernel: ops.conv_transpose(inputs, kernel, self.strides, self.padding, self.output_padding, self.data_format, self.dilation_rate)


def f(*values):
    return np.array(values, "float32")


def kernel(*shape):
    return np.random.default_rng(sum(shape)).normal(0, 1, shape).astype("float32")


def whole(x, scale=3):
    return ops.cast(ops.floor(x * scale), "int32")


def holes(x):
    """Numbers, and none where x is below −0.7."""
    return ops.log(x + 0.7)


def each(names, *keys):
    for name in names.split():
        yield getattr(ops, name), *keys


def elementwise():
    yield from each("abs erf fabs arcsinh cbrt deg2rad rad2deg exp2 erfc trunc sinc real conj copy array convert_to_tensor", "small")
    yield from each("signbit isreal angle imag empty_like", "small")
    yield lambda x: ops.arccosh(ops.abs(x) + 1.1), "small"
    yield lambda x: ops.arctanh(ops.tanh(x) * 0.9), "small"
    yield lambda x: ops.erfinv(ops.tanh(x) * 0.95), "small"
    yield lambda x: ops.arccos(ops.tanh(x) * 0.9) + ops.arcsin(ops.tanh(x) * 0.9), "small"
    yield lambda x: ops.isnan(holes(x)), "small"
    yield lambda x: ops.isinf(1 / ops.relu(x)), "small"
    yield lambda x: ops.isposinf(1 / ops.relu(x)), "small"
    yield lambda x: ops.isneginf(-1 / ops.relu(x)), "small"
    yield lambda x: ops.nan_to_num(holes(x), nan=7.0), "small"
    yield lambda x: ops.round(x, decimals=1), "small"
    yield lambda x: ops.saturate_cast(x * 100, "int8"), "small"
    yield lambda x: ops.softmax(x, axis=None), "plane"
    yield lambda x: ops.full_like(x, 2.5), "small"
    yield lambda x: ops.ones_like(x, dtype="int32"), "small"
    yield lambda x: ops.reciprocal(ops.relu6(x) + 1), "small"
    yield ops.tanh_shrink, "small"
    yield ops.sparse_plus, "small"
    yield ops.sparse_sigmoid, "small"
    yield lambda x: ops.relu(x) + ops.tanh(x) + ops.hard_tanh(x) + ops.hard_shrink(x), "small"


def arithmetic():
    yield from each("arctan2 hypot fmax fmin fmod heaviside logaddexp2 isclose greater less greater_equal logical_xor equal", "small", "small")
    yield lambda x: ops.hypot(x, f(1, 2)), "small"
    yield lambda x: ops.arctan2(-1.0, x), "small"
    yield lambda x: ops.fmax(holes(x), ops.relu(x)), "small"
    yield lambda x, y: ops.fmin(holes(x), ops.relu(y)), "small", "small"
    yield lambda x: ops.allclose(x, x + 1e-1, atol=0.2), "small"
    for name in "bitwise_and bitwise_or bitwise_xor".split():
        yield lambda x, y, name=name: getattr(ops, name)(whole(x, 9), whole(y, 9)), "small", "small"
    yield lambda x: ops.bitwise_not(whole(x, 9)), "small"
    yield lambda x: ops.bitwise_invert(whole(x)), "small"
    for name in "bitwise_left_shift left_shift bitwise_right_shift right_shift".split():
        yield lambda x, name=name: getattr(ops, name)(whole(x, 9), 2), "small"
    yield lambda x: ops.ldexp(x, whole(x, 1)), "small"
    yield lambda x, y: ops.select([x > 1, y > 0], [x * 2, y], default=3.0), "small", "small"
    yield lambda x: ops.where(x > 0, f(1, 2), x), "small"
    yield lambda x, y: ops.clip(x, -1.0, 0.5) * ops.power(2.0, y), "small", "small"


def reduction():
    for name in "all any".split():
        yield lambda x, name=name: getattr(ops, name)(x > -1, axis=-1), "small"
        yield lambda x, name=name: getattr(ops, name)(x > 0, axis=(1, 2), keepdims=True), "small"
    for name in "nansum nanmean nanprod nanvar nanmax nanmin nanmedian nanargmax nanargmin".split():
        yield lambda x, name=name: getattr(ops, name)(holes(x), axis=1), "small"
    yield lambda x: ops.nanstd(holes(x), axis=(1, 2, 3)), "small"
    yield lambda x: ops.nanmean(holes(x), axis=(-1, 1), keepdims=True), "small"
    yield lambda x: ops.median(x, axis=-2), "small"
    yield lambda x: ops.quantile(x, [0.1, 0.5, 0.9], axis=(1, 2)), "small"
    yield lambda x: ops.percentile(x, 37.0, axis=2, method="midpoint", keepdims=True), "small"
    yield lambda x: ops.nanquantile(holes(x), 0.3, axis=(1, 2)), "small"
    yield lambda x: ops.nanpercentile(holes(x), 60.0, axis=1, method="lower"), "small"
    yield lambda x: ops.ptp(x, axis=(1, 3)), "small"
    yield lambda x: ops.count_nonzero(ops.relu(x), axis=1), "small"
    yield lambda x: ops.max(x, axis=1, initial=1.0), "small"
    yield lambda x: ops.sum(x > 0, axis=-1), "small"
    yield lambda x: ops.average(x, axis=1, weights=f(1, 2, 0.5)), "plane"
    yield lambda x: ops.moments(x, axes=(1, 2))[1], "small"
    yield lambda x: ops.argmax(x, axis=1, keepdims=True), "small"
    yield lambda x: ops.argmin(x, axis=-1), "small"
    yield lambda x: ops.argsort(x, axis=1), "small"
    yield lambda x: ops.cumprod(x, axis=2), "small"
    yield lambda x: ops.cumsum(x), "plane"
    yield lambda x: ops.nancumsum(holes(x), axis=1), "small"
    yield lambda x: ops.nancumprod(holes(x), axis=1), "small"
    yield lambda x: ops.diff(x, n=2, axis=2), "small"
    yield lambda x: ops.trapezoid(x, dx=0.5, axis=1), "small"
    yield lambda x: ops.digitize(x, f(-1, 0, 0.5, 2)), "plane"
    yield lambda x: ops.searchsorted(f(-1, 0, 0.5, 2), x, side="right"), "number"
    yield lambda x: ops.isin(ops.round(x), f(0, 1)), "plane"
    yield lambda x, y: ops.linspace(x, y, 3, axis=1), "point", "point"
    yield lambda x, y: ops.logspace(x, y, 3, base=2), "point", "point"
    yield lambda x: ops.geomspace(ops.abs(x) + 0.1, ops.abs(x) + 2, 4, endpoint=False), "point"
    yield lambda x: ops.in_top_k(np.array([2, 0]), x, 2), "point"
    yield lambda x: ops.binary_crossentropy(ops.cast(x > 0, "float32"), ops.sigmoid(x)), "plane"
    yield lambda x, y: ops.categorical_crossentropy(ops.softmax(x), y, from_logits=True), "plane", "plane"
    yield lambda x: ops.sparse_categorical_crossentropy(ops.argmin(x, axis=-1), ops.sigmoid(x)), "plane"
    yield lambda x: ops.psnr(x[0], kernel(3, 4), 2.0), "plane"


def product():
    yield lambda x: ops.dot(x, kernel(2, 4, 3)), "plane"
    yield lambda x: ops.inner(x, kernel(5, 4)), "plane"
    yield lambda x: ops.outer(x, f(1, 2)), "point"
    yield lambda x, y: ops.vdot(x, y), "point", "point"
    yield lambda x: ops.kron(x, kernel(2, 3)), "point"
    yield lambda x: ops.tensordot(x, kernel(2, 4, 3), axes=[[-1, 2], [0, 1]]), "small"
    yield lambda x, y: ops.cross(x, y), "square", "square"
    yield lambda x, y: ops.cross(x[..., :2], y[..., :2]), "square", "square"
    yield lambda x: ops.einsum("bij,jk->bik", x, kernel(4, 2)), "plane"
    yield lambda x, y: ops.cdist(x, y), "plane", "plane"
    yield lambda x: ops.corrcoef(x), "vector"
    yield lambda x: ops.correlate(ops.ravel(x), f(1, 2, 0.5), mode="same"), "point"
    yield lambda x: ops.vander(x, N=3), "number"
    yield lambda x: ops.matmul(x, kernel(4)), "plane"
    yield lambda x: ops.rms_normalization(x, kernel(2)), "small"
    yield lambda x: ops.layer_normalization(x, kernel(4, 2), kernel(4, 2) * 2, axis=(2, 3)), "small"
    yield lambda x: ops.batch_normalization(x, f(0.1, 0.2), f(1, 2), -1, offset=f(1, 2), scale=f(2, 0.3)), "small"
    yield lambda x: ops.normalize(x, axis=1, order=3), "small"
    yield lambda x: ops.norm(x, ord=-1, axis=(1, -1)), "small"
    yield lambda q, k, v: ops.dot_product_attention(q, k, v, is_causal=True), "heads", "heads", "heads"
    yield lambda q, k: ops.dot_product_attention(q, k, k * 2, bias=kernel(1, 2, 4, 4), mask=kernel(1, 1, 4, 4) > 0, scale=0.3), "heads", "heads"
    for i in (0, 1):
        yield lambda x, y, i=i: ops.fft((x, y))[i], "spectrum", "spectrum"
        yield lambda x, i=i: ops.rfft(x, fft_length=6)[i], "spectrum"
        yield lambda x, i=i: ops.stft(x, 6, 3, 8)[i], "signal"
    yield lambda x, y: ops.fft2((x, y))[0], "spectrum", "spectrum"
    yield lambda x, y: ops.ifft2((x, y))[1], "spectrum", "spectrum"
    yield lambda x, y: ops.irfft((x, y)), "spectrum", "spectrum"
    yield lambda x, y: ops.istft((x, y), 8, 4, 8), "spectrum", "spectrum"
    yield lambda x: ops.extract_sequences(x, 4, 3), "signal"


def shaping():
    yield ops.ravel, "plane"
    yield ops.fliplr, "small"
    yield ops.flipud, "small"
    yield lambda x: ops.rot90(x, k=-1, axes=(1, 2)), "small"
    yield lambda x: ops.broadcast_to(x, (3, 2, 3)), "point"
    yield lambda x: ops.full((2, 3), ops.max(x)), "point"
    yield lambda x: x * ops.cast(ops.size(x), "float32"), "point"
    yield lambda x: ops.rearrange(x, "b (h p) c -> b h (c p)", p=2), "heads_flat"
    yield lambda x: ops.append(x, x * 2), "point"
    yield lambda x, y: ops.append(x, y, axis=1), "plane", "plane"
    yield lambda x: ops.array_split(x, 3, axis=2)[0], "small"
    yield lambda x: ops.hsplit(x, 3)[1], "small"
    yield lambda x: ops.vsplit(x, [1])[1], "point"
    yield lambda x: ops.dsplit(x, [1])[1], "small"
    yield lambda x, y: ops.hstack([x, y]), "plane", "plane"
    yield lambda x, y: ops.vstack([x, y]), "plane", "plane"
    yield lambda x, y: ops.dstack([x, y]), "point", "point"
    yield lambda x, y: ops.concatenate([x, y > 0], axis=1), "plane", "plane"
    yield lambda x: ops.repeat(x, [1, 0, 2, 1], axis=-1), "plane"
    yield lambda x: ops.repeat(x, 2), "point"
    yield lambda x: ops.roll(x, 3), "plane"
    yield lambda x: ops.tile(x, (2, 1, 1, 2)), "plane"
    yield lambda x, y: ops.meshgrid(x, y)[0], "number", "number"
    yield lambda x: ops.take(x, [0, 5, -1]), "square"
    yield lambda x: ops.take_along_axis(x, np.array([[0, 2], [1, -1]]), axis=1), "point"
    yield lambda x: ops.slice(x, (0, 1, 2), (2, 2, 2)), "plane"
    yield lambda x: ops.slice(x, [0, 1], [1, 2]), "point"
    yield lambda x: ops.scatter(np.array([[0], [2]]), x, (3, 3)), "point"
    for reduction in (None, "add", "max", "mul"):
        yield lambda x, y, reduction=reduction: ops.scatter_update(x, np.array([[0, 1], [1, 2]]), y[:, 0], reduction=reduction), "point", "point"
    for name in "segment_sum segment_max segment_min segment_prod".split():
        yield lambda x, name=name: getattr(ops, name)(x, np.array([0, 2]), num_segments=3), "point"
    yield lambda x: ops.one_hot(whole(x), 4, axis=1), "point"
    yield lambda x: ops.multi_hot(whole(x), 4), "point"
    yield lambda x: ops.unravel_index(whole(ops.abs(x), 9), (5, 6))[1], "number"
    yield lambda x: ops.diag(x), "number"
    yield lambda x: ops.diag(x, k=1), "point"
    yield lambda x: ops.diagflat(x, k=-1), "point"
    yield lambda x: ops.diagonal(x, offset=1, axis1=1, axis2=2), "small"
    yield lambda x: ops.trace(x, axis1=1, axis2=-1), "small"
    yield lambda x: ops.tril(x, k=-1), "square"
    yield ops.triu, "square"


def picture():
    yield lambda x: ops.adaptive_average_pool(x, (2, 3)), "photo"
    yield lambda x: ops.adaptive_max_pool(x, (2, 2)), "photo"
    yield lambda x: ops.depthwise_conv(x, kernel(2, 3, 3, 2), padding="same"), "photo"
    yield lambda x: ops.separable_conv(x, kernel(2, 2, 3, 2), kernel(1, 1, 6, 2), strides=2), "photo"
    yield lambda x: ops.conv_transpose(x, kernel(3, 2, 2, 3), strides=2, padding="same"), "photo"
    yield lambda x: ops.conv_transpose(x, kernel(2, 2, 2, 3), strides=3), "photo"
    yield lambda x: ops.conv(x, kernel(2, 2, 4, 2), data_format="channels_first"), "photo"
    yield lambda x: ops.unfold(x, (2, 3), padding=1, stride=(2, 1)), "first"
    yield lambda x: ops.fold(x, (3, 4), 2), "folded"
    yield lambda x: image.extract_patches(x, 2, strides=1), "photo"
    yield lambda x: image.gaussian_blur(x, (5, 3), (1.5, 0.7)), "photo"
    yield lambda x: image.sobel_edges(x), "photo"
    yield lambda x, y: image.ssim(x, y, filter_size=3), "photo", "photo"
    yield lambda x: image.rgb_to_hsv(ops.sigmoid(x)), "photo"
    yield lambda x: image.scale_and_translate(x, (2, 5, 3, 3), f(1.4, 0.6), f(0.3, -0.2), (1, 2), "linear"), "photo"
    yield lambda x: image.map_coordinates(x, f([0, 1, 1.3], [-1.2, 2.3, 2.7], [4.5, -0.4, 0.6], [0, 1, 1.7]), 1, fill_value=0.3), "photo"
    yield lambda x: image.map_coordinates(x, f([0, 1], [-1.2, 5.7], [8, -3.4], [0, 1]), 0, fill_mode="wrap"), "photo"
    yield lambda x: image.resize(x, (5, 4), data_format="channels_first"), "photo"


def warped():
    yield lambda x, y: ops.slice_update(x, (0, 1, 2), y[:, :2, :2]), "plane", "plane"
    yield lambda x: image.hsv_to_rgb(ops.sigmoid(x)), "photo"
    shift = f([0.9, 0.1, 0.3, -0.2, 1.1, 0.4, 0.02, 0])
    for mode in "constant nearest wrap reflect".split():
        yield lambda x, mode=mode: image.affine_transform(x, shift, fill_mode=mode, fill_value=0.5), "photo"
    yield lambda x: image.affine_transform(x, shift, interpolation="nearest"), "photo"
    ends = f([0.5, 0.2], [3.5, 0.1], [0.3, 2.5], [3.8, 3])
    yield lambda x: image.perspective_transform(x, f([0, 0], [4, 0], [0, 3], [4, 3])[None].repeat(2, 0), ends[None].repeat(2, 0)), "photo"


SHAPES |= {"heads_flat": (4, 3), "folded": (8, 6)}
FAMILIES = {"elementwise": elementwise, "arithmetic": arithmetic, "reduction": reduction, "product": product, "shaping": shaping, "picture": picture, "warped": warped}

for family, cases in FAMILIES.items():
    keras.utils.set_random_seed(3)
    # Some operations want to know the batch.
    batch = None if family in ("elementwise", "arithmetic", "picture") else 2
    write(f"operation-{family}", list(cases()), batch=batch, gradients=family != "warped")
