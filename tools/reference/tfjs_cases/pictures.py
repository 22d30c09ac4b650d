"""Windows over pictures, their sizes and borders."""

from .common import PICTURE, SMALL, floats, ints, np, picture, raw, tf

KERNEL = np.random.default_rng(5).standard_normal((2, 3, 3, 4)).round(2).astype("f4")
FOUR = [floats(1, -2, 0.5), floats(0.1, 0.2, -0.3), floats(0.5, -0.5, 0.2), floats(1, 2, 0.25)]
BIG = (2, 5, 6, 3)
BOXES = floats([0, 0, 1, 1], [0.1, 0.3, 0.7, 0.6], [0.8, 0.9, 0.2, -0.2], [-0.3, 0.2, 1.4, 0.8])
EXPLICIT = [0, 0, 1, 2, 0, 3, 0, 0]


def norm(x, **options):
    return raw.FusedBatchNormV3(x=x, scale=FOUR[0], offset=FOUR[1], **{"mean": FOUR[2], "variance": FOUR[3], "epsilon": 0.01, "is_training": False, **options}).y


def resized(function, sizes=((7, 3), (2, 9))):
    return lambda x: [function(images=picture(x), size=size, align_corners=a, half_pixel_centers=h) for size in sizes for a, h in ((False, False), (True, False), (False, True))]


TRANSFORMS = floats([0.9, -0.4, 1.3, 0.5, 1.1, -2.2, 0.01, 0.02], [2.3, 0.3, -7.7, -0.6, -3.1, 9.4, 0, -0.03])


def projected(x, transforms, mode, interpolation):
    return raw.ImageProjectiveTransformV3(images=x, transforms=transforms, output_shape=[6, 7], fill_value=-0.5, interpolation=interpolation, fill_mode=mode)


NONE = tf.constant([], tf.float32)

CASES = {
    "MaxPoolWithArgmax": (lambda x: [*raw.MaxPoolWithArgmax(input=x, ksize=[1, 3, 2, 1], strides=[1, 2, 2, 1], padding="SAME"), *raw.MaxPoolWithArgmax(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 1, 1], padding="VALID", include_batch_in_index=True)], [BIG]),
    "Dilation2D": (lambda x, k: [raw.Dilation2D(input=x, filter=k, strides=[1, 1, 1, 1], rates=[1, 1, 1, 1], padding="VALID"), raw.Dilation2D(input=picture(x), filter=k, strides=[1, 2, 1, 1], rates=[1, 2, 2, 1], padding="SAME")], [BIG, (3, 2, 3)]),
    "pools with explicit padding": (lambda x: [raw.MaxPool(input=x, ksize=[1, 3, 4, 1], strides=[1, 2, 2, 1], padding="EXPLICIT", explicit_paddings=EXPLICIT)], [BIG]),
    "pools with large windows": (lambda x: [raw.AvgPool(value=x, ksize=[1, 5, 5, 1], strides=[1, 3, 2, 1], padding="SAME"), raw.MaxPool(input=x, ksize=[1, 5, 6, 1], strides=[1, 1, 1, 1], padding="SAME")], [BIG]),
    "pools of integers": (lambda x: raw.MaxPool(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME"), [np.arange(-9, 9, dtype="i4").reshape(1, 3, 3, 2)]),
    "Conv2D with explicit padding": (lambda x, k: raw.Conv2D(input=x, filter=k, strides=[1, 2, 1, 1], padding="EXPLICIT", explicit_paddings=EXPLICIT), [BIG, (2, 3, 3, 4)]),
    "Conv2D in groups": (lambda x: raw.Conv2D(input=x, filter=KERNEL[:, :, :1, :3], strides=[1, 1, 2, 1], padding="SAME"), [BIG]),
    "DepthwiseConv2dNative with explicit padding": (lambda x: raw.DepthwiseConv2dNative(input=x, filter=KERNEL, strides=[1, 2, 2, 1], padding="EXPLICIT", explicit_paddings=EXPLICIT), [BIG]),
    "Conv2DBackpropInput with explicit padding": (lambda x: raw.Conv2DBackpropInput(input_sizes=[1, 7, 10, 4], filter=np.swapaxes(KERNEL, 2, 3), out_backprop=x, strides=[1, 2, 2, 1], padding="EXPLICIT", explicit_paddings=[0, 0, 1, 2, 0, 3, 0, 0]), [(1, 5, 6, 3)]),
    "FusedBatchNorm": (lambda x: [norm(x), raw.FusedBatchNorm(x=picture(x), scale=FOUR[0], offset=FOUR[1], mean=FOUR[2], variance=FOUR[3], is_training=False).y, raw.FusedBatchNormV2(x=x, scale=FOUR[0], offset=FOUR[1], mean=FOUR[2], variance=FOUR[3], epsilon=0.5, is_training=False).y], [BIG]),
    "FusedBatchNorm of the batch": (lambda x: norm(x, mean=NONE, variance=NONE, is_training=True), [BIG]),
    "LRN": (lambda x: [raw.LRN(input=x), raw.LRN(input=picture(x), depth_radius=2, bias=0.5, alpha=0.25, beta=1.0)], [(2, 3, 2, 7)]),
    "ResizeBilinear": (resized(raw.ResizeBilinear), [(1, 3, 5, 2)]),
    "ResizeNearestNeighbor": (resized(raw.ResizeNearestNeighbor), [(1, 3, 5, 2)]),
    "resizing of integers": (lambda x: [raw.ResizeBilinear(images=x, size=[4, 5]), raw.ResizeNearestNeighbor(images=x, size=[4, 5])], [np.arange(-9, 9, dtype="i4").reshape(1, 3, 3, 2)]),
    "DepthToSpace, SpaceToDepth": (lambda x: [raw.DepthToSpace(input=picture(x), block_size=2), raw.SpaceToDepth(input=x, block_size=2), raw.SpaceToDepth(input=picture(x), block_size=2)], [(1, 2, 6, 8)]),
    "SpaceToBatchND": (lambda x: [raw.SpaceToBatchND(input=picture(x), block_shape=[2, 3], paddings=[[1, 0], [1, 2]]), raw.SpaceToBatchND(input=x, block_shape=[3], paddings=[[0, 1]]), raw.SpaceToBatchND(input=x, block_shape=[2, 1, 3], paddings=[[0, 1], [1, 0], [2, 1]])], [BIG]),
    "BatchToSpaceND": (lambda x: [raw.BatchToSpaceND(input=picture(x), block_shape=[2, 3], crops=[[1, 0], [0, 2]]), raw.BatchToSpaceND(input=x, block_shape=[2], crops=[[2, 1]]), raw.BatchToSpaceND(input=x, block_shape=[2, 1, 3], crops=[[0, 0], [0, 0], [1, 1]])], [(6, 2, 3, 2)]),
    "Pad": (lambda x: [raw.Pad(input=picture(x), paddings=[[1, 0], [0, 2], [3, 0], [1, 1]]), raw.PadV2(input=picture(x), paddings=[[0, 1], [0, 2], [3, 0], [1, 1]], constant_values=2.5)], [BIG]),
    "MirrorPad": (lambda x: [raw.MirrorPad(input=picture(x), paddings=[[0, 1], [1, 4], [3, 0], [1, 2]], mode="REFLECT"), raw.MirrorPad(input=picture(x), paddings=[[1, 0], [0, 5], [3, 0], [1, 3]], mode="SYMMETRIC")], [BIG]),
    "Pad of integers": (lambda x: [raw.Pad(input=x, paddings=[[1, 2]]), raw.PadV2(input=x, paddings=[[0, 1]], constant_values=7), raw.MirrorPad(input=x, paddings=[[2, 2]], mode="REFLECT"), raw.MirrorPad(input=x, paddings=[[2, 2]], mode="SYMMETRIC")], [ints(1, 2, 3)]),
    "CropAndResize": (lambda x, b: [raw.CropAndResize(image=x, boxes=b, box_ind=[0, 1, 1, 0], crop_size=[3, 2]), raw.CropAndResize(image=picture(x), boxes=b, box_ind=[0, 1, 1, 0], crop_size=[1, 4], extrapolation_value=-1.5)], [BIG, BOXES]),
    "CropAndResize nearest": (lambda x, b: raw.CropAndResize(image=x, boxes=tf.stop_gradient(b), box_ind=[0, 1, 1, 0], crop_size=[3, 2], method="nearest", extrapolation_value=0.5), [BIG, BOXES + floats(0.013, 0.007, 0.011, 0.005)]),
    "ImageProjectiveTransformV3": (lambda x, t: [projected(tf.stop_gradient(x), t, m, i) for m in ("CONSTANT", "NEAREST", "REFLECT", "WRAP") for i in ("NEAREST", "BILINEAR")], [(2, 4, 5, 1), TRANSFORMS]),
    "ImageProjectiveTransformV2": (lambda x: [raw.ImageProjectiveTransformV2(images=tf.stop_gradient(picture(x)), transforms=TRANSFORMS[:1], output_shape=[3, 4], interpolation="BILINEAR"), raw.ImageProjectiveTransformV2(images=tf.stop_gradient(x), transforms=[[1.0, 0, 0, 0, 1, 0, -0.5, 0]], output_shape=[4, 5], interpolation="NEAREST")], [(2, 4, 5, 2)]),
}
