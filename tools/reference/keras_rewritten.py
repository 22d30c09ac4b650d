"""Models as Keras 3 saved them, their HDF5 written again in its later versions.

    python tools/reference/keras_rewritten.py       (h5py; after keras_models.py, into test/reference/keras/models)
"""

import io
import zipfile
from pathlib import Path

import h5py

OUT = Path(__file__).parents[2] / "test" / "reference" / "keras" / "models"


def rewrite(source, target, track_order=None, dataset={}, **options):
    """Copies objects and attributes one by one; h5py's own copy would keep the old structures."""

    def copy(old, new):
        for name in old.attrs:
            new.attrs.create(name, old.attrs[name], dtype=old.attrs.get_id(name).dtype)
        for name, item in old.items() if isinstance(old, h5py.Group) else ():
            if isinstance(item, h5py.Group):
                copy(item, new.create_group(name, track_order=track_order))
            else:
                copy(item, new.create_dataset(name, data=item[()], track_order=track_order, **(dataset if item.ndim > 1 else {})))

    with h5py.File(source) as old, h5py.File(target, "w", track_order=track_order, **options) as new:
        copy(old, new)


def rewrite_archive(source, target, **options):
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = io.BytesIO(old.read(name))
            if name.endswith(".h5"):
                weights, data = data, io.BytesIO()
                rewrite(weights, data, **options)
            new.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data.getvalue())


if __name__ == "__main__":
    rewrite(OUT / "keras3.h5", OUT / "keras3-latest.h5", libver="latest")
    rewrite(OUT / "keras3.h5", OUT / "keras3-compressed.h5", libver="latest", dataset={"chunks": True, "compression": "gzip", "shuffle": True})
    rewrite_archive(OUT / "keras3.keras", OUT / "keras3-ordered.keras", track_order=True)
