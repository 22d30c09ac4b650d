"""Functions of every element."""

from .common import PICTURE, SMALL, floats, ints, np, picture, raw, tf

A, B = ints(7, -7, 7, -7, 6, -6, 0), ints(3, 3, -3, -3, 3, -3, 5)
X, Y = floats(7.5, -7.5, 7.5, -7.5, 0.3, 100.25), floats(2, 2, -2, -2, -0.7, 0.75)
SPECIAL = floats(1, np.nan, np.inf, -np.inf, 0)

CASES = {
    "division of integers": (lambda a, b: [raw.FloorDiv(x=a, y=b), raw.FloorMod(x=a, y=b), raw.TruncateDiv(x=a, y=b), raw.Mod(x=a, y=b), raw.TruncateMod(x=a, y=b), raw.Div(x=a, y=b)], [A, B]),
    "division of constant integers": (lambda x: tf.reshape(x, raw.FloorDiv(x=tf.constant([-13, 23]), y=tf.constant([-6, 7])) + raw.FloorMod(x=tf.constant([-5, 8]), y=tf.constant([2, -3]))), [(3, 2)]),
    "division of floats": (lambda a, b: [raw.FloorDiv(x=a, y=b), raw.FloorMod(x=a, y=b), raw.Mod(x=a, y=b), raw.TruncateMod(x=a, y=b), raw.RealDiv(x=a, y=b)], [X, Y]),
    "Atan2": (lambda y, x: [raw.Atan2(y=y, x=x), raw.Atan2(y=picture(tf.reshape(y, [1, 1, 2, 4])), x=tf.constant([1.5, -2, 0.5, -0.25]))], [floats(1, 1, -1, -1, 2, -2, 0, 0), floats(2, -2, 2, -2, 0, 0, 1, -1)]),
    "Atan2 at zeros": (lambda y, x: tf.stop_gradient(raw.Atan2(y=y, x=x)), [floats(0, 1, 0, -0.0, -0.0, -0.0), floats(0, 0, -0.0, 0, -0.0, -1)]),
    "area functions": (lambda x: [raw.Asinh(x=x), raw.Acosh(x=1 + tf.square(x)), raw.Atanh(x=0.3 * tf.tanh(x))], [SMALL]),
    "functions": (lambda x: [f(x=x) for f in (raw.Sin, raw.Cos, raw.Tan, raw.Asin, raw.Acos, raw.Atan, raw.Sinh, raw.Cosh, raw.Ceil, raw.Inv, raw.Reciprocal, raw.Log1p, raw.Expm1)], [floats(-0.9, -0.25, 0.001, 0.3, 0.8)]),
    "addition": (lambda x, y: [raw.Add(x=x, y=y), raw.Div(x=x, y=y), raw.Sub(x=x, y=2.0)], [SMALL, (3, 1)]),
    "IsNan, IsInf, IsFinite": (lambda x: [raw.IsNan(x=x), raw.IsInf(x=x), raw.IsFinite(x=x)], [SPECIAL]),
    "bits": (lambda a, b: [raw.BitwiseAnd(x=a, y=b), raw.BitwiseOr(x=a, y=b), raw.BitwiseXor(x=a, y=b), raw.Invert(x=a)], [A, B]),
    "Rint, Erfc, Softsign": (lambda x: [raw.Rint(x=x), raw.Erfc(x=x), raw.Round(x=x), raw.Softsign(features=x)], [floats(-2.5, -0.5, 0.5, 1.5, 2.5, 0.2)]),
    "functions of integers": (lambda a: [raw.Abs(x=a), raw.Neg(x=a), raw.Sign(x=a), raw.Square(x=a), raw.Relu(features=a), raw.Relu6(features=a), raw.Maximum(x=a, y=2), raw.Minimum(x=a, y=2), raw.Pow(x=a, y=2), raw.SquaredDifference(x=a, y=3), raw.AddN(inputs=[a, a]), raw.ClipByValue(t=a, clip_value_min=-2, clip_value_max=6)], [A]),
    "comparison of integers": (lambda a, b: [a > b, a >= b, a < b, a <= b, raw.Equal(x=a, y=b), raw.NotEqual(x=a, y=b)], [A, B]),
    "truth": (lambda a, b: [raw.LogicalAnd(x=a, y=b), raw.LogicalOr(x=a, y=b), raw.LogicalNot(x=a), raw.Equal(x=a, y=b), raw.NotEqual(x=a, y=b), raw.SelectV2(condition=a, t=b, e=raw.LogicalNot(x=b))], [np.array([True, True, False, False]), np.array([True, False, True, False])]),
    "Cast": (
        lambda x: [tf.cast(x, tf.int32), tf.cast(x, tf.int64), tf.cast(x, tf.bool), tf.cast(tf.cast(x, tf.int32), tf.float32), tf.cast(tf.cast(x, tf.bool), tf.float32), tf.cast(tf.cast(x, tf.float16), tf.float32), tf.cast(tf.cast(x, tf.float64), tf.float32), tf.cast(tf.cast(tf.cast(x, tf.bfloat16), tf.float32), tf.int32)],
        [floats(-2.5, -0.5, 0, 0.5, 1.75, 200)],
    ),
    "Cast to few bits": (lambda a: [tf.cast(tf.cast(a, t), tf.int32) for t in (tf.uint8, tf.int8, tf.int16, tf.uint16)], [ints(300, -1, -129, 70000, 5, 255)]),
    "Cast of bytes": (lambda a: [tf.cast(a, tf.float32) / 255, tf.cast(a, tf.int32) - 7], [np.array([0, 3, 255], "u1")]),
    "Cast of truth": (lambda a: [tf.cast(a, tf.float32), tf.cast(a, tf.int32), tf.cast(tf.cast(a, tf.int32), tf.bool)], [np.array([True, False])]),
    "Select of rows": (lambda c, x, y: [raw.Select(condition=c, x=x, y=y), raw.Select(condition=c, x=picture(tf.reshape(x, [2, 1, 3, 4])), y=picture(tf.reshape(y, [2, 1, 3, 4])))], [np.array([True, False]), SMALL, SMALL]),
    "Select by a number, by elements": (lambda c, x, y: [raw.Select(condition=c[0], x=x, y=y), raw.SelectV2(condition=c, t=x, e=y), raw.Select(condition=x > 0, x=x, y=y)], [np.array([False, True]), (3, 2), (3, 2)]),
    "broadcasting of pictures": (lambda x, y: [picture(x) + y, picture(x) * tf.reshape(y, [3, 5])[:, :1], raw.Maximum(x=tf.reshape(y, [3, 5]), y=picture(x))], [PICTURE, (1, 3, 5)]),
    "FakeQuantWithMinMaxVars": (lambda x: [raw.FakeQuantWithMinMaxVars(inputs=x, min=-1.0, max=1.5), raw.FakeQuantWithMinMaxVars(inputs=x, min=-0.73, max=1.1, num_bits=4, narrow_range=True), raw.FakeQuantWithMinMaxVars(inputs=x, min=0.0, max=2.0, num_bits=3), raw.FakeQuantWithMinMaxArgs(inputs=x, min=-2.0, max=1.0, num_bits=5)], [SMALL]),
}
