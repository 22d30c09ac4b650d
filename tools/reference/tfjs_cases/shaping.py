"""Shapes, parts and products."""

from .common import PICTURE, SMALL, floats, ints, np, picture, raw, tf

K = np.random.default_rng(3).standard_normal((2, 2, 5, 4)).round(2).astype("f4")
BIAS = floats(1, -1, 0.5, 2, 0)
FOUR = [floats(1, -2, 0.5, 1, 2), floats(0.1, 0.2, -0.3, 0, 1), floats(0.5, -0.5, 0.2, 0, 0), floats(1, 2, 0.25, 1, 3)]


def last(x):
    return tf.transpose(x, [0, 2, 3, 1])


def first(x):
    return tf.transpose(x, [0, 3, 1, 2])


def in_order(function):
    """The graph with channels first, and what the same gives with channels last: TensorFlow computes the former on GPUs only."""
    return lambda x: function(x, "NCHW", lambda sizes: [sizes[0], sizes[3], sizes[1], sizes[2]]), [(2, 5, 4, 3)], lambda x: [first(y) for y in function(last(x), "NHWC", list)]


def windows(x, data_format, order):
    explicit = [0, 0, 1, 2, 0, 1, 0, 0] if data_format == "NHWC" else [0, 0, 0, 0, 1, 2, 0, 1]
    conv = {"input": x, "filter": K, "strides": order([1, 2, 1, 1]), "data_format": data_format}
    pool = {"ksize": order([1, 2, 3, 1]), "strides": order([1, 2, 1, 1]), "data_format": data_format}
    return [
        raw.Conv2D(padding="SAME", **conv),
        raw.Conv2D(padding="EXPLICIT", explicit_paddings=explicit, **conv),
        raw.DepthwiseConv2dNative(**{**conv, "strides": [1, 1, 1, 1]}, padding="SAME"),
        raw.MaxPool(input=x, padding="SAME", **pool),
        raw.AvgPool(value=x, padding="SAME", **pool),
    ]


def channels(x, data_format, order):
    statistics = {"scale": FOUR[0], "offset": FOUR[1], "mean": FOUR[2], "variance": FOUR[3], "is_training": False, "data_format": data_format}
    return [raw.BiasAdd(value=x, bias=BIAS, data_format=data_format), raw.FusedBatchNormV3(x=x, **statistics).y]


def blocks(x, data_format, order):
    wide = tf.concat([x, 2 * x, 3 * x, 4 * x], 1 if data_format == "NCHW" else 3)
    return [raw.DepthToSpace(input=wide, block_size=2, data_format=data_format), raw.SpaceToDepth(input=raw.DepthToSpace(input=wide, block_size=2, data_format=data_format), block_size=2, data_format=data_format)]


def upsampled(x, data_format, order):
    sizes = order([2, 8, 3, 4])
    return raw.Conv2DBackpropInput(input_sizes=sizes, filter=np.swapaxes(K, 2, 3), out_backprop=x, strides=order([1, 2, 1, 1]), padding="SAME", data_format=data_format),


CASES = {
    "windows with channels first": in_order(windows),
    "channels first": in_order(channels),
    "DepthToSpace with channels first": in_order(blocks),
    "Conv2DBackpropInput with channels first": in_order(upsampled),
    "StridedSlice": (
        lambda x: [
            x[..., 1],
            x[:, tf.newaxis, 1:3, ..., tf.newaxis],
            x[-1, ..., ::-2],
            picture(x)[:, 3:0:-2, -2:, 4],
            picture(x)[1:, ..., tf.newaxis, 1:-1],
            picture(x)[tf.newaxis, 0, :, 2, tf.newaxis],
            picture(x)[..., -100:100:2],
            picture(x)[:, 100:-100:-1],
            x[0, 1, 2, 3],
            x[-2:-1, 5:2],
        ],
        [PICTURE],
    ),
    "StridedSlice by masks": (lambda x: [raw.StridedSlice(input=x, begin=[0, 3, 1, 9], end=[9, 0, 2, 9], strides=[1, -2, 1, 2], begin_mask=9, end_mask=10), raw.StridedSlice(input=x, begin=[1, -1], end=[0, 0], strides=[1, 1], shrink_axis_mask=3)], [PICTURE]),
    "StridedSlice of integers": (lambda x: [x[::-1], x[1:][0], tf.concat([x, x[:1]], 0), tf.stack([x[0], x[2]]), tf.tile(x, [2]), tf.expand_dims(x, 1)], [ints(5, -6, 7)]),
    "Slice": (lambda x: [tf.slice(picture(x), [0, 1, 0, 2], [-1, 2, 3, -1]), tf.slice(x, [1, 0, 2, 0], [1, 1, 1, 5])], [PICTURE]),
    "Split, SplitV, Unpack": (lambda x: [*tf.split(picture(x), [1, 3, 1], -1), *tf.split(x, 2, 1), *tf.unstack(picture(x), axis=2), *raw.SplitV(value=x, size_splits=[2, -1], axis=-3, num_split=2)], [PICTURE]),
    "Reshape, Squeeze, ExpandDims": (lambda x: [tf.reshape(picture(x), [-1, 5]), tf.reshape(x, [2, 2, -1]), tf.squeeze(picture(x[:1, :, :1])), tf.squeeze(picture(x[:1, :, :1]), [2]), tf.expand_dims(picture(x), -1), tf.expand_dims(picture(x), 0)], [PICTURE]),
    "Transpose, Tile": (lambda x: [tf.transpose(picture(x), [3, 1, 0, 2]), tf.transpose(picture(x)), tf.tile(picture(x), [1, 2, 1, 3])], [PICTURE]),
    "Concat, ConcatV2, Pack": (lambda x: [raw.Concat(concat_dim=1, values=[x, picture(x)]), tf.concat([picture(x), x, x], -1), raw.Pack(values=[picture(x), x], axis=-2)], [PICTURE]),
    "shapes": (lambda x: [raw.Shape(input=picture(x)), raw.Size(input=x), raw.Rank(input=x), tf.fill(raw.Shape(input=picture(x)), 2.0), raw.ZerosLike(x=picture(x)), raw.OnesLike(x=x), raw.OnesLike(x=raw.Shape(input=x)), tf.broadcast_to(x[:, :1], raw.Shape(input=x)), tf.range(4), tf.range(0.5, 3.0, 0.75)], [PICTURE]),
    "Gather": (lambda x: raw.Gather(params=picture(x), indices=[1, 0]), [PICTURE]),
    "passed on": (
        lambda x: [raw.Snapshot(input=x), raw.PreventGradient(input=tf.stop_gradient(x)), raw.CheckNumerics(tensor=x, message=""), raw.EnsureShape(input=x, shape=[2, 3]), *raw.IdentityN(input=[x, 2 * x]), raw.Print(input=x, data=[x]), x + raw.PlaceholderWithDefault(input=2.0, shape=[])],
        [(2, 3)],
    ),
    "products of matrices": (
        lambda x, y: [raw.BatchMatMul(x=x, y=y), raw.BatchMatMulV2(x=x, y=y[0], adj_x=False), raw.BatchMatMulV3(x=x, y=x, adj_y=True, Tout=tf.float32), raw.BatchMatMulV2(x=x, y=x, adj_x=True), raw.MatMul(a=x[0], b=y[1]), raw.MatMul(a=x[0], b=x[1], transpose_a=True), raw.MatMul(a=x[0], b=x[1], transpose_b=True), tf.einsum("bij,bjk->bik", x, y), tf.einsum("bij->b", x)],
        [SMALL, (2, 4, 2)],
    ),
    "products of integers": (lambda x, y: [raw.MatMul(a=x, b=y), raw.BatchMatMulV2(x=x[tf.newaxis], y=y)], [ints([1, -2], [3, 4]), ints([5, 0, 1], [-1, 2, 7])]),
    "BiasAddV1": (lambda x: [raw.BiasAddV1(value=picture(x), bias=BIAS), raw.BiasAdd(value=x[0, 0], bias=BIAS)], [PICTURE]),
    "Softmax, LogSoftmax": (lambda x: [raw.Softmax(logits=x[0, 0]), raw.LogSoftmax(logits=picture(x)), tf.nn.softmax(picture(x), 1)], [PICTURE]),
}
