"""Sums, orders and counts along axes."""

from .common import PICTURE, SMALL, floats, ints, np, picture, raw, tf

TIES = floats([3, 1, 3, 2], [0, 0, 5, 5])
TRUTH = np.array([[True, False, True], [True, True, True], [False, False, False]])

CASES = {
    "TopKV2": (lambda x: [*tf.math.top_k(x, 2), *tf.math.top_k(picture(tf.reshape(x, [1, 2, 1, 4])), 3)], [TIES]),
    "TopKV2 of integers": (lambda x: [*tf.math.top_k(x, 2), *raw.TopKV2(input=x, k=4, sorted=False)], [ints([3, 1, 3, 2], [0, -4, 5, 5])]),
    "Cumsum": (lambda x: [tf.cumsum(picture(x), 3), tf.cumsum(x, 1, exclusive=True), tf.cumsum(x, -2, reverse=True), tf.cumsum(x, 0, exclusive=True, reverse=True)], [PICTURE]),
    "Cumsum of integers": (lambda x: [tf.cumsum(x), tf.math.cumprod(x)], [ints(1, -2, 3, 4)]),
    "Cumprod": (lambda x: [tf.math.cumprod(picture(x), 3), tf.math.cumprod(x, 1, exclusive=True), tf.math.cumprod(x, -2, reverse=True), tf.math.cumprod(x, 3, exclusive=True, reverse=True)], [PICTURE]),
    "Any, All": (lambda x: [raw.Any(input=x, axis=1), raw.All(input=x, axis=[1]), raw.Any(input=x, axis=[0, 1], keep_dims=True), raw.All(input=x, axis=0)], [TRUTH]),
    "EuclideanNorm": (lambda x: [raw.EuclideanNorm(input=picture(x), axis=[1, 2]), raw.EuclideanNorm(input=x, axis=-1, keep_dims=True)], [PICTURE]),
    "reductions of integers": (lambda x: [raw.Sum(input=x, axis=1), raw.Mean(input=x, axis=1), raw.Max(input=x, axis=0), raw.Min(input=x, axis=0), raw.Prod(input=x, axis=1), raw.Max(input=x, axis=[0, 1])], [ints([5, -2, 4], [-7, 3, 1])]),
    "reductions over nothing, over all": (lambda x: [raw.Sum(input=x, axis=tf.constant([], tf.int32)), raw.Mean(input=x, axis=[0, 1, 2]), raw.Max(input=x, axis=[0, -1], keep_dims=True)], [SMALL]),
    "ArgMax, ArgMin": (lambda x: [raw.ArgMax(input=x, dimension=1), raw.ArgMin(input=x, dimension=0, output_type=tf.int32), raw.ArgMax(input=picture(tf.reshape(x, [1, 2, 1, 4])), dimension=-1, output_type=tf.int32)], [TIES]),
    "ArgMax of integers": (lambda x: [raw.ArgMax(input=x, dimension=1), raw.ArgMin(input=x, dimension=-1)], [ints([3, 1, 3, 2], [0, 0, 5, 5])]),
    "LowerBound, UpperBound": (lambda x, v: [raw.LowerBound(sorted_inputs=x, values=v), raw.UpperBound(sorted_inputs=x, values=v)], [floats([0, 1, 1, 3], [-1, 2, 4, 4]), floats([1, 5, 0.5], [4, -2, 2])]),
    "Bincount": (lambda x, w: [raw.Bincount(arr=x, size=4, weights=w), raw.Bincount(arr=x, size=4, weights=tf.constant([], tf.int32)), raw.DenseBincount(input=x, size=3, weights=tf.constant([], tf.float32)), raw.DenseBincount(input=tf.reshape(x, [2, 3]), size=5, weights=tf.reshape(w, [2, 3])), raw.DenseBincount(input=tf.reshape(x, [2, 3]), size=4, weights=tf.constant([], tf.float32), binary_output=True)], [ints(0, 2, 2, 5, 3, 2), floats(1, 2, 0.5, 4, 8, 16)]),
}
