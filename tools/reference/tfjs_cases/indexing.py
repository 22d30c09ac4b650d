"""Elements read from places and written to places."""

from .common import PICTURE, SMALL, floats, ints, np, picture, raw, tf

PLACES = np.array([[0, 2], [1, 0], [1, 2], [0, 2]], "i4")

CASES = {
    "OneHot": (lambda i: [tf.one_hot(i, 4), tf.one_hot(i, 4, axis=0), tf.one_hot(tf.reshape(i, [2, 3]), 3, 2.5, -1.0, axis=1), tf.one_hot(i, 3, 7, 2, dtype=tf.int32), tf.one_hot(i, 3, on_value=True, off_value=False)], [ints(0, 3, -1, 4, 2, 1)]),
    "GatherNd": (lambda x, i: [raw.GatherNd(params=x, indices=i), raw.GatherNd(params=picture(x), indices=i[:, :1]), raw.GatherNd(params=x, indices=tf.constant([[[1, 2, 0, 3]], [[0, 1, 1, 4]]]))], [PICTURE, PLACES]),
    "GatherV2": (lambda x, i: [tf.gather(picture(x), i, axis=-1), tf.gather(x, tf.reshape(i, [2, 2]), axis=1), tf.gather(picture(x), 2, axis=2)], [PICTURE, ints(0, 2, 1, 0)]),
    "GatherV2 in batches": (lambda x, i: [tf.gather(x, i, axis=1, batch_dims=1), tf.gather(x, i, axis=2, batch_dims=1), tf.gather(picture(x), i, axis=3, batch_dims=1), tf.gather(x, i[:, 0], axis=1, batch_dims=1), tf.gather(x, i, axis=2, batch_dims=-1)], [PICTURE, ints([0, 2], [1, 0])]),
    "ScatterNd": (lambda i, u: [raw.ScatterNd(indices=i, updates=u, shape=[2, 3]), raw.ScatterNd(indices=i[:, :1], updates=tf.stack([u, -u], 1), shape=[3, 2])], [PLACES, (4,)]),
    "ScatterNd of integers": (lambda i, u: raw.ScatterNd(indices=i, updates=u, shape=[2, 3]), [PLACES, ints(1, 2, 3, 4)]),
    "TensorScatterUpdate": (lambda x, u: [raw.TensorScatterUpdate(tensor=x, indices=PLACES[:3], updates=u), raw.TensorScatterAdd(tensor=x, indices=PLACES[:3], updates=u), raw.TensorScatterSub(tensor=x, indices=PLACES[:3], updates=u)], [(2, 3), (3,)]),
    "TensorScatterMax": (lambda x: [tf.stop_gradient(raw.TensorScatterMax(tensor=x, indices=PLACES, updates=[0.1, -0.2, 0.3, 0.4])), tf.stop_gradient(raw.TensorScatterMin(tensor=x, indices=PLACES, updates=[0.1, -0.2, 0.3, 0.4]))], [(2, 3)]),
    "TensorScatterUpdate of pictures": (lambda x, u: raw.TensorScatterUpdate(tensor=picture(x), indices=[[1, 0], [0, 2]], updates=u), [PICTURE, (2, 3, 5)]),
    "SparseToDense": (lambda v: [raw.SparseToDense(sparse_indices=[[0, 1], [1, 2]], output_shape=[2, 3], sparse_values=v, default_value=-1.0), raw.SparseToDense(sparse_indices=[1, 3], output_shape=[4], sparse_values=v, default_value=0.0), raw.SparseToDense(sparse_indices=2, output_shape=[4], sparse_values=v[0], default_value=0.5), raw.SparseToDense(sparse_indices=[1, 3], output_shape=[4], sparse_values=v[1], default_value=0.5)], [(2,)]),
    "Where of constants": (lambda x: tf.gather_nd(x, tf.where(tf.constant([[True, False, True], [False, False, True]]))), [(2, 3)]),
    "Unique, ListDiff of constants": (lambda x: [tf.gather(x, tf.unique(tf.constant([3, 1, 3, 0]))[0]), tf.gather(x, tf.unique(tf.constant([3, 1, 3, 0]))[1]), tf.gather(x, raw.UniqueV2(x=tf.constant([2, 2, 1]), axis=[0]).y), tf.gather(x, raw.ListDiff(x=[0, 1, 2, 3], y=[1, 3]).out), tf.gather(x, raw.ListDiff(x=[0, 1, 2, 3], y=[1, 3]).idx)], [(4, 2)]),
    "InvertPermutation, BroadcastArgs": (lambda x: tf.broadcast_to(tf.transpose(x, raw.InvertPermutation(x=[1, 2, 0])), raw.BroadcastArgs(s0=[3, 4], s1=[5, 2, 1, 1])), [(3, 4, 2)]),
    "ShapeN": (lambda x, y: tf.reshape(x, raw.ShapeN(input=[y, x])[0]), [(3, 2), (2, 3)]),
    "LinSpace": (lambda x: [x * raw.LinSpace(start=-1.0, stop=2.0, num=5), x[:1] * raw.LinSpace(start=3.0, stop=3.5, num=1)], [(5,)]),
    "LinSpace of data": (lambda x: tf.stop_gradient(raw.LinSpace(start=x[0], stop=x[1], num=4)), [(2,)]),
    "ReverseV2": (lambda x: [tf.reverse(x, [1]), tf.reverse(picture(x), [-1, 1]), tf.reverse(x, [])], [PICTURE]),
    "Reverse": (lambda x: raw.Reverse(tensor=picture(x), dims=[False, True, False, True]), [PICTURE]),
    "MatrixBandPart": (lambda x: [tf.linalg.band_part(x, 1, 0), tf.linalg.band_part(x, -1, 1), tf.linalg.band_part(x, 0, -1), tf.linalg.band_part(picture(tf.reshape(x, [1, 2, 3, 4])), 0, 0)], [SMALL]),
}
