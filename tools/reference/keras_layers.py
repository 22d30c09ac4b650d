"""Layers of Keras with many options: small models of one layer a branch, and what Keras says of every branch.

    KERAS_BACKEND=tensorflow python tools/reference/keras_layers.py [FAMILY …]     (with scipy, for windows; writes test/reference/keras/layers)

Each family is one model in `.keras` with random weights. Its `.json` has the inputs, and for every branch the output and the
gradient of Σ seed · output with respect to the branch's first input; the seed of element i is cos i.
"""

import json
import sys
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from keras import layers as L
from keras import ops
from keras_files import deflate, plain

OUT = Path(__file__).parents[2] / "test" / "reference" / "keras" / "layers"
SHAPES = {"picture": (5, 6, 3), "tiny": (3, 4, 3), "wide": (4, 6, 4), "series": (5, 4), "other": (6, 4), "vector": (6,), "state": (3,), "pair": (2,), "volume": (4, 5, 3, 2), "frames": (3, 5, 5, 2), "grid": (3, 5, 2), "films": (2, 3, 3, 3, 1), "index": (4,), "codes": (5,), "code": (1,), "table": (3, 2), "shares": (5,), "wave": (50,), "waves": (2, 40), "sound": (40, 1), "stereo": (40, 2), "stereo_first": (2, 40), "photo": (13, 10, 3), "photo_first": (2, 12, 9)}

random = np.random.default_rng(3)



def convolutions():
    yield L.Conv1D(3, 3, name="conv1d"), "series"
    yield L.Conv1D(3, 2, padding="causal", dilation_rate=2, name="conv1d_causal"), "series"
    yield L.Conv1D(3, 3, padding="same", strides=2, name="conv1d_same"), "series"
    yield L.Conv2D(4, 3, activation="relu", name="conv2d"), "picture"
    yield L.Conv2D(4, (3, 2), padding="same", use_bias=False, name="conv2d_same"), "picture"
    yield L.Conv2D(4, 3, padding="same", strides=2, name="conv2d_same_stride"), "picture"
    yield L.Conv2D(4, 2, strides=(2, 3), name="conv2d_strides"), "picture"
    yield L.Conv2D(4, 3, padding="same", dilation_rate=2, activation="tanh", name="conv2d_dilated"), "picture"
    yield L.Conv2D(6, 3, groups=2, padding="same", name="conv2d_groups"), "wide"
    yield L.Conv3D(3, 2, padding="same", name="conv3d"), "volume"
    yield L.DepthwiseConv1D(3, depth_multiplier=2, name="depthwise1d"), "series"
    yield L.DepthwiseConv2D(3, padding="same", strides=2, activation="relu6", name="depthwise2d"), "picture"
    yield L.DepthwiseConv2D(3, depth_multiplier=2, use_bias=False, name="depthwise2d_multiplier"), "picture"
    yield L.SeparableConv1D(5, 3, padding="same", name="separable1d"), "series"
    yield L.SeparableConv2D(5, 3, padding="same", depth_multiplier=2, activation="elu", name="separable2d"), "picture"
    yield L.SeparableConv2D(4, 3, dilation_rate=2, use_bias=False, name="separable2d_dilated"), "picture"
    yield L.Conv1DTranspose(3, 3, strides=2, name="transpose1d"), "series"
    yield L.Conv2DTranspose(4, 3, strides=2, padding="same", name="transpose2d_same"), "picture"
    yield L.Conv2DTranspose(4, 2, strides=3, padding="same", name="transpose2d_gaps"), "picture"
    yield L.Conv2DTranspose(4, 2, strides=3, name="transpose2d_valid_gaps"), "picture"
    yield L.Conv2DTranspose(4, 3, activation="relu", name="transpose2d_valid"), "picture"
    yield L.Conv2DTranspose(4, 4, strides=2, padding="same", use_bias=False, name="transpose2d_even"), "picture"
    yield L.Conv2DTranspose(4, 3, strides=2, padding="same", output_padding=1, name="transpose2d_output_padding"), "picture"
    yield L.Conv3DTranspose(2, 2, strides=2, padding="same", name="transpose3d"), "volume"


def pools():
    for dims, source in ((1, "series"), (2, "picture"), (3, "volume")):
        for kind in ("Max", "Average"):
            pool, whole = getattr(L, f"{kind}Pooling{dims}D"), getattr(L, f"Global{kind}Pooling{dims}D")
            yield pool(2, name=f"{kind}{dims}"), source
            yield pool(3, strides=2, padding="same", name=f"{kind}{dims}_same"), source
            yield pool(2, strides=1, name=f"{kind}{dims}_overlap"), source
            yield whole(name=f"Global{kind}{dims}"), source
            yield whole(keepdims=True, name=f"Global{kind}{dims}_keepdims"), source
    yield L.AdaptiveAveragePooling2D((3, 4), name="AdaptiveAverage"), "picture"
    yield L.AdaptiveMaxPooling2D(2, name="AdaptiveMax"), "picture"
    yield L.AdaptiveAveragePooling1D(2, name="AdaptiveAverage1"), "series"
    yield L.AdaptiveMaxPooling1D(3, name="AdaptiveMax1"), "series"
    yield L.AdaptiveAveragePooling2D((2, 8), name="AdaptiveAverage_more_than_pixels"), "picture"
    yield L.AveragePooling2D((1, 2), strides=(2, 4), padding="same", name="Average2_gaps"), "picture"
    yield L.MaxPooling2D((2, 1), strides=3, padding="same", name="Max2_gaps"), "picture"
    yield L.AdaptiveAveragePooling3D((2, 3, 2), name="AdaptiveAverage3"), "volume"
    yield L.AdaptiveMaxPooling3D(2, name="AdaptiveMax3"), "volume"


def normalizations():
    yield L.BatchNormalization(name="batch"), "picture"
    yield L.BatchNormalization(scale=False, epsilon=1.001e-5, name="batch_no_scale"), "picture"
    yield L.BatchNormalization(center=False, name="batch_no_center"), "picture"
    yield L.BatchNormalization(center=False, scale=False, name="batch_plain"), "picture"
    yield L.BatchNormalization(axis=1, name="batch_axis"), "picture"
    yield L.BatchNormalization(name="batch_vector"), "vector"
    yield L.BatchNormalization(name="batch_series"), "series"
    yield L.LayerNormalization(name="layer"), "picture"
    yield L.LayerNormalization(axis=(1, 2), epsilon=1e-5, name="layer_axes"), "picture"
    yield L.LayerNormalization(axis=[1, 2, 3], name="layer_all"), "picture"
    yield L.LayerNormalization(center=False, name="layer_no_center"), "series"
    yield L.LayerNormalization(scale=False, name="layer_no_scale"), "series"
    yield L.RMSNormalization(name="rms"), "series"
    yield L.GroupNormalization(groups=2, name="group"), "wide"
    yield L.GroupNormalization(groups=-1, name="group_instance"), "wide"
    yield L.GroupNormalization(groups=1, axis=1, scale=False, name="group_axis"), "picture"
    yield L.GroupNormalization(groups=3, name="group_vector"), "vector"
    yield L.UnitNormalization(name="unit"), "picture"
    yield L.UnitNormalization(axis=(1, 2), name="unit_axes"), "picture"
    yield L.SpectralNormalization(L.Conv2D(3, 2), name="spectral"), "picture"


def activations():
    names = "linear relu relu6 leaky_relu elu selu celu gelu silu mish sigmoid log_sigmoid hard_sigmoid hard_silu tanh hard_tanh"
    names += " tanh_shrink hard_shrink soft_shrink softplus softsign exponential squareplus sparse_plus sparse_sigmoid softmax log_softmax sparsemax"
    for name in names.split():
        yield L.Activation(name, name=f"activation_{name}"), "picture"
    yield L.Activation("glu", name="activation_glu"), "wide"
    yield L.Activation("softmax", name="softmax_vector"), "vector"
    yield L.ReLU(name="relu"), "picture"
    yield L.ReLU(max_value=1.5, name="relu_max"), "picture"
    yield L.ReLU(negative_slope=0.2, name="relu_slope"), "picture"
    yield L.ReLU(max_value=2, negative_slope=0.1, threshold=0.5, name="relu_full"), "picture"
    yield L.ReLU(threshold=0.7, name="relu_threshold"), "picture"
    yield L.LeakyReLU(name="leaky"), "picture"
    yield L.ELU(alpha=0.5, name="elu"), "picture"
    yield L.PReLU(name="prelu"), "picture"
    yield L.PReLU(shared_axes=[1, 2], name="prelu_shared"), "picture"
    yield L.PReLU(name="prelu_vector"), "vector"
    yield L.Softmax(name="softmax"), "picture"
    yield L.Softmax(axis=1, name="softmax_axis"), "picture"
    yield L.Softmax(axis=(1, 2), name="softmax_axes"), "picture"
    yield L.Conv2D(3, 2, activation=L.LeakyReLU(negative_slope=0.1), name="layer_as_activation"), "picture"


def merges():
    yield L.Add(name="add"), "picture", "picture"
    yield L.Add(name="add_three"), "picture", "picture", "picture"
    yield L.Subtract(name="subtract"), "picture", "picture"
    yield L.Multiply(name="multiply"), "picture", "picture"
    yield L.Average(name="average"), "picture", "picture"
    yield L.Maximum(name="maximum"), "wide", "wide"
    yield L.Minimum(name="minimum"), "wide", "wide"
    yield L.Concatenate(name="concatenate"), "picture", "picture"
    yield L.Concatenate(axis=1, name="concatenate_rows"), "picture", "picture"
    yield L.Concatenate(axis=-2, name="concatenate_columns"), "picture", "picture"
    yield L.Dot(axes=2, name="dot"), "series", "other"
    yield L.Dot(axes=(2, 2), normalize=True, name="dot_normalized"), "series", "other"
    yield L.Dot(axes=1, normalize=True, name="dot_vectors"), "vector", "vector"


def reshapings():
    yield L.Flatten(name="flatten"), "picture"
    yield L.Flatten(name="flatten_vector"), "vector"
    yield L.Reshape((6, 15), name="reshape"), "picture"
    yield L.Reshape((-1, 2, 3), name="reshape_open"), "picture"
    yield L.Reshape((1, 1, 6), name="reshape_picture"), "vector"
    yield L.Permute((2, 1, 3), name="permute"), "picture"
    yield L.Permute((3, 1, 2), name="permute_channels"), "picture"
    yield L.Permute((2, 1), name="permute_series"), "series"
    yield L.RepeatVector(3, name="repeat"), "vector"
    yield L.ZeroPadding1D(2, name="pad1d"), "series"
    yield L.ZeroPadding2D(name="pad2d"), "picture"
    yield L.ZeroPadding2D((1, 2), name="pad2d_pair"), "picture"
    yield L.ZeroPadding2D(((0, 1), (2, 0)), name="pad2d_pairs"), "picture"
    yield L.ZeroPadding3D((1, 0, 2), name="pad3d"), "volume"
    yield L.Cropping1D((1, 2), name="crop1d"), "series"
    yield L.Cropping2D(((1, 2), (0, 1)), name="crop2d"), "picture"
    yield L.Cropping3D(1, name="crop3d"), "volume"


def resizings():
    yield L.UpSampling1D(3, name="up1d"), "series"
    yield L.UpSampling2D(name="up2d"), "picture"
    yield L.UpSampling2D((2, 3), interpolation="bilinear", name="up2d_bilinear"), "picture"
    yield L.UpSampling2D(2, interpolation="bicubic", name="up2d_bicubic"), "picture"
    yield L.UpSampling3D((1, 2, 2), name="up3d"), "volume"
    yield L.Resizing(5, 9, name="resize"), "picture"
    yield L.Resizing(4, 4, interpolation="nearest", name="resize_nearest"), "picture"
    yield L.Resizing(5, 3, crop_to_aspect_ratio=True, name="resize_crop"), "picture"
    yield L.Resizing(6, 3, pad_to_aspect_ratio=True, fill_value=0.5, name="resize_pad"), "picture"
    for name in ("bicubic", "lanczos3", "lanczos5"):
        yield L.UpSampling2D((1, 3), interpolation=name, name=f"up2d_{name}_columns"), "picture"
        yield L.Resizing(3, 8, interpolation=name, name=f"resize_{name}"), "picture"
    for name in ("bilinear", "bicubic", "lanczos3"):
        yield L.Resizing(2, 4, interpolation=name, antialias=True, name=f"resize_{name}_antialias"), "picture"
    yield L.CenterCrop(4, 3, name="center_crop"), "picture"
    yield L.CenterCrop(9, 5, name="center_crop_small"), "picture"
    yield L.RandomCrop(4, 4, name="random_crop"), "picture"


def scalings():
    yield L.Rescaling(1 / 127.5, offset=-1, name="rescaling"), "picture"
    yield L.Rescaling([0.1, 0.2, 0.3], offset=[1, 2, 3], name="rescaling_channels"), "picture"
    yield L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5], name="normalization"), "picture"
    yield L.Normalization(mean=0.5, variance=2.0, name="normalization_scalar"), "picture"
    yield L.Normalization(mean=[0.1, 0.2, 0.3], variance=[1.0, 2.0, 0.5], invert=True, name="normalization_invert"), "picture"
    yield L.AutoContrast(value_range=(-2, 2), name="auto_contrast"), "picture"
    yield L.Pipeline([L.RandomFlip(), L.Rescaling(0.5), L.AutoContrast()], name="pipeline"), "picture"
    adapted = L.Normalization(name="normalization_adapted")
    adapted.adapt(random.normal(1, 2, (8, *SHAPES["picture"])).astype("float32"))
    yield adapted, "picture"
    whole = L.Normalization(axis=None, name="normalization_whole")
    whole.adapt(random.normal(1, 2, (8, *SHAPES["vector"])).astype("float32"))
    yield whole, "vector"


def cores():
    yield L.Dense(4, activation="softmax", name="dense"), "vector"
    yield L.Dense(4, use_bias=False, name="dense_no_bias"), "vector"
    yield L.Dense(4, name="dense_series"), "series"
    yield L.Dense(4, activation="relu", name="dense_picture"), "picture"
    yield L.EinsumDense("abc,cd->abd", output_shape=(None, 3), bias_axes="d", name="einsum"), "series"
    yield L.EinsumDense("...x,xy->...y", output_shape=5, activation="tanh", name="einsum_ellipsis"), "picture"
    yield L.Embedding(7, 3, name="embedding"), "index"
    yield L.TimeDistributed(L.Dense(3), name="time_dense"), "series"
    inner = keras.Sequential([L.Input((5, 5, 2)), L.Conv2D(3, 2, activation="relu"), L.BatchNormalization(), L.GlobalAveragePooling2D()])
    yield L.TimeDistributed(inner, name="time_model"), "frames"
    yield L.TimeDistributed(L.MaxPooling2D(), name="time_pool"), "frames"


def identities():
    factor = "RandomColorDegeneration RandomContrast RandomBrightness RandomHue RandomRotation RandomSaturation RandomSharpness RandomZoom"
    plain = "RandomFlip RandomColorJitter RandomElasticTransform RandomErasing RandomGaussianBlur RandomGrayscale RandomInvert RandomPerspective RandomShear"
    plain += " AugMix CutMix MixUp RandAugment Solarization Identity"
    yield from ((getattr(L, name)(0.1), "tiny") for name in factor.split())
    yield from ((getattr(L, name)(), "tiny") for name in plain.split())
    yield from ((layer, "tiny") for layer in (L.RandomTranslation(0.1, 0.1), L.RandomPosterization(4)))
    for layer in (L.Dropout(0.5), L.SpatialDropout2D(0.5), L.GaussianNoise(0.1), L.GaussianDropout(0.1), L.AlphaDropout(0.1), L.ActivityRegularization(l2=0.1)):
        yield layer, "tiny"
    yield L.SpatialDropout1D(0.5), "series"
    yield L.SpatialDropout3D(0.5), "volume"


def attentions():
    yield L.MultiHeadAttention(2, 3, name="heads"), "series", "other"
    yield L.MultiHeadAttention(2, 3, value_dim=4, use_bias=False, output_shape=5, name="heads_options"), "series", "other", "other"
    yield L.MultiHeadAttention(2, 3, name="heads_picture"), "wide", "wide"
    yield L.MultiHeadAttention(2, 3, attention_axes=(2,), name="heads_rows"), "wide", "wide"
    yield L.MultiHeadAttention(2, 3, value_dim=2, attention_axes=1, use_gate=True, name="heads_columns"), "wide", "wide"
    yield L.MultiHeadAttention(2, 3, sliding_window=2, name="heads_window"), "series", "other"
    yield L.GroupQueryAttention(3, 4, 2, name="grouped"), "series", "other"
    yield L.GroupQueryAttention(3, 4, 2, use_gate=True, name="grouped_gate"), "series", "other"
    yield L.Attention(name="attention"), ["series", "other"]
    yield L.Attention(score_mode="concat", name="attention_vectors"), ["pair", "pair"]
    yield L.Attention(use_scale=True, name="attention_picture"), ["wide", "wide"]
    yield L.Attention(use_scale=True, score_mode="concat", name="attention_concat"), ["series", "other"]
    yield L.AdditiveAttention(name="attention_additive"), ["series", "other"]


def recurrences():
    for kind in (L.LSTM, L.GRU, L.SimpleRNN):
        name = kind.__name__
        yield kind(3, name=name), "series"
        yield kind(3, return_sequences=True, name=f"{name}_sequences"), "series"
        yield kind(3, return_sequences=True, go_backwards=True, use_bias=False, name=f"{name}_backwards"), "series"
        yield L.Bidirectional(kind(3, return_sequences=True), name=f"{name}_both"), "series"
        yield L.Bidirectional(kind(3), merge_mode="sum", name=f"{name}_both_sum"), "series"
    yield L.LSTM(3, activation="relu", recurrent_activation="hard_sigmoid", name="LSTM_activations"), "series"
    yield L.LSTM(3, activation="hard_sigmoid", recurrent_activation="tanh", name="LSTM_later_parameters"), "series"
    yield L.GRU(3, activation="elu", name="GRU_elu"), "series"
    yield L.GRU(3, activation="leaky_relu", recurrent_activation="hard_sigmoid", reset_after=False, name="GRU_parameters"), "series"
    yield L.SimpleRNN(3, activation="linear", return_sequences=True, name="SimpleRNN_linear"), "series"
    yield L.GRU(3, reset_after=False, name="GRU_reset_before"), "series"
    for cell in (L.LSTMCell(3), L.GRUCell(3), L.SimpleRNNCell(3)):
        yield L.RNN(cell, return_sequences=True, name=f"RNN_{cell.name}"), "series"
    yield L.ConvLSTM1D(2, 3, padding="same", return_sequences=True, name="ConvLSTM1D"), "grid"
    yield L.ConvLSTM2D(2, (2, 3), strides=2, recurrent_activation="hard_sigmoid", name="ConvLSTM2D"), "frames"
    yield L.ConvLSTM2D(2, 2, padding="same", use_bias=False, go_backwards=True, return_sequences=True, name="ConvLSTM2D_backwards"), "frames"
    yield L.ConvLSTM3D(1, 2, activation="relu", name="ConvLSTM3D"), "films"
    yield lambda x, h: L.SimpleRNN(3, name="SimpleRNN_state")(x, initial_state=h), "series", "state"
    yield lambda x, h, c: L.LSTM(3, name="LSTM_states")(x, initial_state=[h, c]), "series", "state", "state"


def wrappers():
    sequences = dict(return_sequences=True, padding="same")
    yield L.TimeDistributed(L.Conv2D(2, 2), name="steps_conv"), "frames"
    yield L.TimeDistributed(L.Dense(3, activation="relu"), name="steps_dense"), "series"
    yield L.TimeDistributed(L.Flatten(), name="steps_flatten"), "frames"
    yield L.Bidirectional(L.ConvLSTM2D(2, 2), name="both_last"), "frames"
    yield L.Bidirectional(L.ConvLSTM2D(2, 2, **sequences), name="both_frames"), "frames"
    yield L.Bidirectional(L.ConvLSTM2D(2, 3, **sequences), merge_mode="mul", name="both_product"), "frames"
    yield L.Bidirectional(L.ConvLSTM2D(2, 3, data_format="channels_first", **sequences), name="both_channels_first"), "frames"
    yield L.Bidirectional(L.ConvLSTM1D(2, 3, **sequences), merge_mode="ave", name="both_grid"), "grid"
    yield L.SpectralNormalization(L.Conv2D(4, 3), name="spectral"), "picture"
    stack = [L.LSTMCell(2), L.GRUCell(3), L.LSTMCell(2, recurrent_activation="hard_sigmoid"), L.SimpleRNNCell(3)]
    yield L.RNN(stack, return_sequences=True, go_backwards=True, name="stack"), "series"
    yield L.RNN([L.GRUCell(2, reset_after=False), L.GRUCell(3)], name="stack_last"), "series"


def preprocessings():
    """Sounds as pictures, numbers as categories, pictures of even brightness."""
    for mode in ("log", "magnitude", "psd", "real", "imag", "angle", "stft"):
        yield L.STFTSpectrogram(mode, frame_length=8, name=f"stft_{mode}"), "sound"
        yield L.STFTSpectrogram(mode, frame_length=6, frame_step=4, padding="same", expand_dims=True, name=f"stft_{mode}_same"), "stereo"
    yield L.STFTSpectrogram("log", frame_length=8, fft_length=12, window="hamming", scaling="spectrum", periodic=True, name="stft_plain"), "stereo"
    yield L.STFTSpectrogram("stft", frame_length=7, window=None, scaling=None, name="stft_odd"), "stereo"
    yield L.STFTSpectrogram("magnitude", frame_length=4, expand_dims=True, data_format="channels_first", name="stft_first_pictures"), "stereo_first"
    yield L.STFTSpectrogram("psd", frame_length=4, frame_step=3, padding="same", data_format="channels_first", name="stft_first"), "stereo_first"
    mel = {"fft_length": 32, "sequence_stride": 10, "num_mel_bins": 5, "sampling_rate": 8000}
    yield L.MelSpectrogram(**mel, name="mel"), "wave"
    yield L.MelSpectrogram(**mel | {"sequence_length": 24}, min_freq=300.0, max_freq=3000, power_to_db=False, name="mel_powers"), "wave"
    yield L.MelSpectrogram(**mel | {"fft_length": 27}, window="hamming", mag_exp=1.0, top_db=6.0, name="mel_odd"), "wave"
    yield L.MelSpectrogram(**mel | {"sequence_length": 21}, window=None, mag_exp=1.5, min_power=0.5, ref_power=3.0, name="mel_no_window"), "wave"
    yield L.MelSpectrogram(**mel | {"sequence_length": 8}, window=[0.1, 0.5, 1, 1.5, 2, 1, 0.3, 0.2], name="mel_own_window"), "wave"
    for mode in ("one_hot", "multi_hot", "count"):
        yield L.CategoryEncoding(7, output_mode=mode, name=f"category_{mode}"), "codes"
        yield L.CategoryEncoding(4, output_mode=mode, name=f"category_{mode}_one"), "code"
        yield L.Discretization([-1.5, 0.2, 1.0], output_mode=mode, name=f"bins_{mode}"), "shares"
        yield L.IntegerLookup(vocabulary=[3, 1, 7, 5], output_mode=mode, mask_token=0, name=f"lookup_{mode}"), "codes"
    yield lambda x, share: L.CategoryEncoding(9, output_mode="count", name="category_weights")(x, count_weights=share), "codes", "shares"
    yield L.Discretization([-1.5, 0.2, 1.0], name="bins"), "picture"
    adapted = L.Discretization(num_bins=4, name="bins_adapted")
    adapted.adapt(random.normal(0, 1, (50, 1)))
    yield adapted, "shares"
    yield L.IntegerLookup(vocabulary=[3, 1, 7, 5], name="lookup"), "codes"
    yield L.IntegerLookup(vocabulary=[3, 1, 7, 5], mask_token=2, num_oov_indices=3, name="lookup_places"), "codes"
    yield L.IntegerLookup(vocabulary=[2, -1, -1, 3, 1], mask_token=2, num_oov_indices=2, name="lookup_special"), "codes"
    yield L.IntegerLookup(vocabulary=[3, 1, 7], output_mode="one_hot", pad_to_max_tokens=True, max_tokens=6, name="lookup_padded"), "code"
    yield L.IntegerLookup(vocabulary=[30, 10, 70, 50], invert=True, num_oov_indices=2, name="lookup_inverted"), "codes"
    yield L.IntegerLookup(vocabulary=[30, 10, 70, 50], invert=True, mask_token=5, oov_token=-9, name="lookup_inverted_mask"), "codes"
    yield L.IntegerLookup(vocabulary=[3, 1, 7], output_mode="tf_idf", idf_weights=[0.5, 1, 2], max_tokens=6, pad_to_max_tokens=True, name="lookup_idf"), "codes"
    for name, options in {"int": {"mask_token": 0}, "idf": {"output_mode": "tf_idf"}}.items():
        adapted = L.IntegerLookup(name=f"lookup_adapted_{name}", **options)
        adapted.adapt(random.integers(1, 6, (9, 4)))
        yield adapted, "codes"
    clahe = L.ContrastLimitedAdaptiveHistogramEqualization
    yield clahe((-3, 3), tile_grid_size=(4, 3), name="clahe"), "photo"
    yield clahe((-2, 2), clip_limit=0, tile_grid_size=(1, 2), data_format="channels_first", name="clahe_first"), "photo_first"
    yield clahe((-3, 3), clip_limit=1.5, tile_grid_size=(2, 5), name="clahe_even"), "photo"
    yield L.MaxNumBoundingBoxes(3, name="boxes"), "picture"

    def boxed(part, count):
        layer = L.MaxNumBoundingBoxes(count, bounding_box_format="xyxy", name=f"boxes_{part}")
        return lambda x, boxes, labels: layer({"images": x, "bounding_boxes": {"boxes": boxes, "labels": labels}})["bounding_boxes"][part]

    yield boxed("boxes", 3), "picture", "series", "shares"
    yield boxed("labels", 7), "picture", "series", "shares"
    yield L.MelSpectrogram(**mel, name="mel_channels"), "waves"


def operations():
    """Operations between layers; each is named by Keras."""
    constant = random.normal(0, 1, (6, 3)).astype("float32")
    for name in "relu relu6 sigmoid tanh silu softplus softsign selu hard_sigmoid hard_silu log_sigmoid exp square absolute negative sin cos".split():
        yield getattr(ops, name), "picture"
    yield lambda x: ops.sqrt(ops.square(x) + 1), "picture"
    yield lambda x: ops.log(ops.absolute(x) + 1), "picture"
    yield lambda x: ops.rsqrt(x**2 + 0.5), "picture"
    yield lambda x: ops.gelu(x), "picture"
    yield lambda x: ops.gelu(x, approximate=False), "picture"
    yield lambda x: ops.elu(x, alpha=0.5), "picture"
    yield lambda x: ops.leaky_relu(x, negative_slope=0.1), "picture"
    yield lambda x: ops.softmax(x, axis=1), "picture"
    yield lambda x: ops.log_softmax(x), "picture"
    yield lambda x: ops.clip(x, -0.5, 1), "picture"
    yield lambda x: 1 - x, "picture"
    yield lambda x: x / 2 + 3, "picture"
    yield lambda x: x * constant, "picture"
    yield lambda x: 2 / (ops.absolute(x) + 1), "picture"
    yield lambda x: ops.maximum(x, 0.2), "picture"
    yield lambda x: ops.minimum(x, ops.mean(x, axis=-1, keepdims=True)), "picture"
    yield lambda x: x * ops.mean(x, axis=(1, 2), keepdims=True), "picture"
    yield lambda x, y: x + y, "picture", "picture"
    yield lambda x: ops.where(x > 0.3, x, 0.0), "picture"
    yield lambda x: ops.where(ops.less_equal(x, 0.3), ops.cast(x, "float32"), 2.0), "picture"
    yield lambda x: ops.mean(x, axis=-1), "picture"
    yield lambda x: ops.sum(x, axis=[1, 2]), "picture"
    yield lambda x: ops.max(x, axis=1, keepdims=True), "picture"
    yield lambda x: ops.min(x, axis=(2, 3)), "picture"
    yield lambda x: ops.prod(x, axis=-1), "picture"
    yield lambda x: ops.var(x, axis=1), "picture"
    yield lambda x: ops.logsumexp(x, axis=-1), "picture"
    yield lambda x, y: ops.matmul(x, ops.transpose(y, (0, 2, 1))), "series", "other"
    yield lambda x: ops.matmul(x, np.ones((4, 2), "float32")), "series"
    yield lambda x: ops.reshape(x, (-1, 30, 3)), "picture"
    yield lambda x: ops.transpose(x, (0, 3, 1, 2)), "picture"
    yield lambda x: ops.expand_dims(x, 2), "picture"
    yield lambda x: ops.squeeze(ops.mean(x, axis=1, keepdims=True), axis=1), "picture"
    yield lambda x, y: ops.concatenate([x, y], axis=-1), "picture", "picture"
    yield lambda x, y: ops.concatenate([x, y], axis=1), "picture", "picture"
    yield lambda x, y: ops.stack([x, y], axis=1), "vector", "vector"
    yield lambda x: ops.split(x, 2, axis=-1)[1], "wide"
    yield lambda x: x[:, 1:, ::2, :], "picture"
    yield lambda x: x[:, 2, ..., -1], "picture"
    yield lambda x: x[:, None, 1:3], "series"
    yield lambda x: x[..., ::-1], "picture"
    yield lambda x: ops.pad(x, ((0, 0), (1, 2), (0, 1), (0, 0))), "picture"
    yield lambda x: ops.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="reflect"), "picture"
    yield lambda x: ops.image.resize(x, (7, 8)), "picture"
    yield lambda x: ops.image.resize(x, (3, 4), interpolation="nearest"), "picture"
    yield lambda x: ops.flip(x, axis=1), "picture"
    for name in "arctan ceil celu cosh expm1 floor hard_shrink hard_tanh nan_to_num ones_like round sign sinh soft_shrink squareplus sparsemax zeros_like".split():
        yield getattr(ops, name), "picture"
    yield lambda x: ops.log1p(ops.absolute(x)), "picture"
    yield lambda x: ops.tan(ops.tanh(x)), "picture"
    yield lambda x: x * ops.stop_gradient(x), "picture"
    yield lambda x: ops.cast(ops.logical_and(x > -1, ops.logical_not(x > 1)), "float32") * x, "picture"
    yield lambda x: ops.cast(ops.logical_or(ops.isfinite(x), ops.not_equal(x, 0)), "float32"), "picture"
    yield lambda x: ops.cast(ops.cast(x, "int32"), "float32"), "picture"
    yield lambda x: ops.threshold(x, 0.1, 0.3), "picture"
    yield lambda x: ops.glu(x, axis=1), "wide"
    yield lambda x: ops.log2(ops.absolute(x) + 1) + ops.log10(ops.absolute(x) + 1), "picture"
    yield lambda x: ops.mod(x, 0.75) + ops.floor_divide(x, 0.5), "picture"
    yield lambda x, y: ops.logaddexp(x, y), "picture", "picture"
    yield lambda x, y: ops.divide_no_nan(x, y), "picture", "picture"
    yield lambda x: ops.std(x, axis=-1), "picture"
    yield lambda x: ops.average(x, axis=1), "picture"
    yield lambda x: ops.amax(x, axis=-1, keepdims=True), "picture"
    yield lambda x: ops.norm(x, axis=-1, keepdims=True), "picture"
    yield lambda x: ops.norm(x, ord=1, axis=1), "picture"
    yield lambda x: ops.normalize(x, axis=1), "picture"
    yield lambda x: ops.normalize(x, order=1), "picture"
    yield lambda x: ops.layer_normalization(x, epsilon=0.1), "picture"
    yield lambda x: ops.einsum("bhwc->bchw", x), "picture"
    yield lambda x: ops.dot(x, np.ones((4, 2), "float32")), "series"
    yield lambda x: ops.cumsum(x, axis=-1), "picture"
    yield lambda x: ops.sort(x, axis=1), "picture"
    yield lambda x: ops.top_k(x, 2)[0], "wide"
    yield lambda x: ops.swapaxes(x, 1, -1), "picture"
    yield lambda x: ops.moveaxis(x, 1, -1), "picture"
    yield lambda x: ops.moveaxis(x, (3, 1), (1, 2)), "picture"
    yield lambda x: ops.take(x, [2, 0, -1], axis=1), "picture"
    yield lambda x: ops.roll(x, 2, axis=1), "picture"
    yield lambda x: ops.roll(x, (-1, 1), axis=(1, 3)), "picture"
    yield lambda x: ops.repeat(x, 2, axis=2), "picture"
    yield lambda x: ops.tile(x, (1, 2, 1, 3)), "picture"
    yield lambda x: ops.unstack(x, axis=-1)[1], "picture"
    yield lambda x: ops.split(x, [1, 3], axis=-1)[1], "wide"
    yield lambda x: ops.pad(x, ((0, 0), (1, 2), (2, 0), (0, 0)), mode="symmetric"), "picture"
    yield lambda x: ops.max_pool(x, 2, strides=3, padding="same"), "picture"
    yield lambda x: ops.average_pool(x, (2, 3), strides=1), "picture"
    yield lambda x: ops.conv(x, np.ones((2, 2, 3, 2), "float32"), strides=2, padding="same"), "picture"
    yield lambda x: ops.depth_to_space(x, 2), "wide"
    yield lambda x: ops.space_to_depth(x, 2), "wide"
    yield lambda x: ops.image.rgb_to_grayscale(x), "picture"
    yield lambda x: ops.image.pad_images(x, 1, 2, target_height=8, target_width=9), "picture"
    yield lambda x: ops.image.crop_images(x, 1, 2, target_height=3, target_width=3), "picture"
    yield lambda x: ops.image.resize(x, (3, 4), interpolation="bicubic", antialias=True), "picture"
    yield lambda x: ops.image.resize(x, (4, 4), crop_to_aspect_ratio=True), "picture"


FAMILIES = {
    "operation": operations,
    "convolution": convolutions,
    "pooling": pools,
    "normalization": normalizations,
    "activation": activations,
    "merge": merges,
    "reshaping": reshapings,
    "resizing": resizings,
    "scaling": scalings,
    "core": cores,
    "identity": identities,
    "attention": attentions,
    "recurrent": recurrences,
    "wrapper": wrappers,
    "preprocessing": preprocessings,
}


def draw(key, batch=2):
    if key == "index":
        return random.integers(0, 7, (batch, *SHAPES[key])).astype("float32")
    if key in ("codes", "code"):
        return random.integers(0, 9, (batch, *SHAPES[key])).astype("float32")
    return random.normal(0, 1.5, (batch, *SHAPES[key])).astype("float32")


def randomize(model):
    for weight in model.weights:
        if weight.dtype == "float32" and "normalization_" not in weight.path and "plain" not in weight.path:
            positive = "variance" in weight.name
            weight.assign(random.uniform(0.5, 1.5, weight.shape) if positive else random.normal(0, 0.5, weight.shape))


def write(family, cases, batch=None, gradients=True):
    inputs, branches = {}, []

    def source(key, number):
        name = f"{key}_{number}"
        if name not in inputs:
            inputs[name] = keras.Input(batch_shape=(batch, *SHAPES[key]), name=name)
        return name

    for layer, *keys in cases:
        grouped = isinstance(keys[0], list)
        keys = keys[0] if grouped else keys
        names = [source(key, keys[:i].count(key)) for i, key in enumerate(keys)]
        tensors = [inputs[name] for name in names]
        listed = grouped or (len(tensors) > 1 and family == "merge")
        output = layer(tensors) if listed else layer(*tensors)
        operation, _, index = output._keras_history
        branches.append((f"{operation.name}.{index}" if index else operation.name, names[0], output))
    model = keras.Model(list(inputs.values()), [tensor for _, _, tensor in branches], name=family)
    randomize(model)
    model.save(OUT / f"{family}.keras")
    deflate(OUT / f"{family}.keras", keras.__version__)
    if family in ("operation", "merge"):
        # Here `Subtract` may be a layer or an operation, and only the way it is called tells.
        model.save(OUT / f"{family}.h5")
    values = {name: draw(name.rsplit("_", 1)[0]) for name in inputs}
    tensors = {name: tf.constant(value) for name, value in values.items()}
    result = {"inputs": {name: plain(value) for name, value in values.items()}, "layers": {}}
    with tf.GradientTape(persistent=True) as tape:
        for tensor in tensors.values():
            tape.watch(tensor)
        outputs = model(list(tensors.values()), training=False)
        seeds = [tf.cast(tf.cos(tf.range(tf.size(y), dtype="float32")), y.dtype) for y in outputs]
        sums = [tf.reduce_sum(seed * tf.reshape(y, [-1])) if y.dtype.is_floating else None for seed, y in zip(seeds, outputs)]
    for (name, first, _), output, total in zip(branches, outputs, sums):
        entry = result["layers"][name] = {"output": plain(output)}
        # What counts has no gradient.
        counted = first.startswith(("index", "code", "share")) or total is None
        gradient = None if counted or not gradients else tape.gradient(total, tensors[first])
        if family != "identity" and gradient is not None:
            entry |= {"wrt": first, "gradient": plain(gradient)}
    (OUT / f"{family}.json").write_text(json.dumps(result, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for family, cases in FAMILIES.items():
        if sys.argv[1:] and family not in sys.argv[1:]:
            continue
        keras.utils.set_random_seed(3)
        write(family, list(cases()))
