"""Runs Keras 1.0 to 2.3 on today's TensorFlow, well enough to write models and to compute with them.

    keras = old_keras.load("/sources/keras-1.2.2")     (a folder with the package `keras` of that version)

TensorFlow's graph mode stands in for TensorFlow 1, under the names that it had then; what Keras only imports is a stub.
"""

import collections
import collections.abc
import importlib.abc
import importlib.machinery
import inspect
import os
import sys
import types

import h5py
import numpy as np

STUBS = ("keras_applications", "keras_preprocessing", "pkg_resources", "scipy", "yaml")


class Anything(type):
    """A class whose every attribute is another such class."""

    def __getattr__(cls, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return stub(name)


def stub(name):
    special = {"issparse": lambda x: False, "set_keras_submodules": lambda **_: None, "parse_version": lambda v: tuple(map(int, v.split(".")))}
    return special.get(name) or Anything(name, (), {})


class Stub(types.ModuleType):
    __path__ = []

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return stub(name)


class Stubs(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path=None, target=None):
        return importlib.machinery.ModuleSpec(name, self, is_package=True) if name.split(".")[0] in STUBS else None

    def create_module(self, spec):
        return Stub(spec.name)

    def exec_module(self, module):
        pass


class Proxy(types.ModuleType):
    """`tensorflow` as it was: `extra`, then TensorFlow 1's names, then today's."""

    def __getattr__(self, name):
        for place in (self._v1, self._real):
            if hasattr(place, name):
                return getattr(place, name)
        raise AttributeError(name)


def python_as_it_was():
    for name in ("Iterable", "Mapping", "Sequence", "Callable", "Hashable"):
        setattr(collections, name, getattr(collections.abc, name))
    spec = collections.namedtuple("ArgSpec", "args varargs keywords defaults")
    inspect.getargspec = lambda f: spec(*inspect.getfullargspec(f)[:4])
    for name in ("bool", "int", "float", "object"):
        if name not in np.__dict__:
            setattr(np, name, __builtins__[name])


def h5py_as_it_was():
    """h5py 2 kept lists of bytes as strings of fixed length."""
    plain = h5py.AttributeManager.__setitem__

    def setitem(self, name, value):
        if isinstance(value, list):
            value = np.array(value) if value else np.zeros(0)
        plain(self, name, np.array(value, h5py.string_dtype("ascii")) if isinstance(value, bytes) else value)

    h5py.AttributeManager.__setitem__ = setitem


def names_of_keras1(v1, very_old):
    from tensorflow.python.ops import control_flow_ops

    def concat(a, b, name=None):
        return v1.concat(*((b, a) if isinstance(a, int) else (a, b)))

    def matmul(x, y, adj_x=None, adj_y=None, **options):
        return v1.matmul(x, y, adjoint_a=bool(adj_x), adjoint_b=bool(adj_y), **options)

    def reverse(x, axes):
        flags = all(isinstance(axis, bool) for axis in axes)
        return v1.reverse(x, [i for i, on in enumerate(axes) if on] if flags else axes)

    names = {"mul": v1.multiply, "sub": v1.subtract, "neg": v1.negative, "pack": v1.stack, "unpack": v1.unstack, "select": v1.where, "matmul": matmul, "batch_matmul": matmul}
    names |= {"python": types.SimpleNamespace(control_flow_ops=control_flow_ops), "initialize_all_variables": v1.global_variables_initializer}
    return names | ({"concat": concat, "reverse": reverse, "split": lambda axis, n, x: v1.split(x, n, axis)} if very_old else {})


def load(folder):
    """The package `keras` of a folder. Once a process."""
    os.environ |= {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "KERAS_HOME": "/nonexistent"}
    python_as_it_was()
    h5py_as_it_was()
    sys.meta_path.append(Stubs())
    import tensorflow as real
    from tensorflow.python.framework import ops
    from tensorflow.python.ops import control_flow_ops
    from tensorflow.python.training import moving_averages

    v1 = real.compat.v1
    v1.disable_v2_behavior()
    ops._TensorLike, ops.is_dense_tensor_like = v1.Tensor, lambda x: isinstance(x, (v1.Tensor, v1.Variable))
    control_flow_ops.cond, control_flow_ops.while_loop = v1.cond, v1.while_loop
    move = moving_averages.assign_moving_average
    moving_averages.assign_moving_average = lambda variable, value, decay, zero_debias=False, name=None: move(variable, value, decay, False, name)
    version = next(line.split("'")[1] for line in open(f"{folder}/keras/__init__.py") if line.startswith("__version__"))
    very_old = version < "1.1"
    proxy = Proxy("tensorflow")
    proxy.__dict__.update(_v1=v1, _real=real, compat=real.compat, __path__=real.__path__, __spec__=real.__spec__, __file__=real.__file__, __version__="0.10.0" if very_old else "1.0.0" if version < "2" else "1.15.0")
    if version < "2":
        proxy.__dict__.update(names_of_keras1(v1, very_old))
    sys.modules["tensorflow"] = proxy
    for name in [name for name in sys.modules if name.split(".")[0] == "keras"]:
        del sys.modules[name]
    sys.path.insert(0, folder)
    import keras

    return keras
