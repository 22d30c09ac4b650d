"""Small HDF5 files and zip archives of every kind that the readers meet, and what h5py reads in them.

    python tools/reference/containers.py        (numpy, h5py; writes test/reference/containers)
"""

import hashlib
import io
import json
import zipfile
from pathlib import Path

import h5py
import numpy as np

OUT = Path(__file__).parents[2] / "test" / "reference" / "containers"
NUMBERS = ["<f2", "<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8"]
BIG_ENDIAN = [">f2", ">f4", ">f8", ">i2", ">i4", ">i8", ">u4"]


def values(dtype, shape=(3, 5)):
    return np.arange(-7, np.prod(shape) - 7).reshape(shape).astype(dtype)


def write_attributes(f):
    group = f.create_group("attributes")
    text = h5py.string_dtype("ascii")
    group.attrs.create("config", '{"name": "gefärbt"}'.encode(), dtype=text)
    group.attrs["version"] = "2.15.0"
    group.attrs.create("fixed", np.array([b"conv2d_1", b"dense"]))
    group.attrs.create("fixed scalar", np.bytes_(b"theano"))
    group.attrs["variable"] = ["conv2d_1/kernel", "", "ein_langer_Name/größe"]
    group.attrs["empty"] = []
    group.attrs["count"] = np.int64(12)
    group.attrs["negative"] = np.int16(-3)
    group.attrs["rate"] = np.float32(0.25)
    group.attrs["sizes"] = np.array([[1, 2], [3, 4]], dtype=">i4")
    group.attrs["none"] = h5py.Empty("f4")
    space_padded = h5py.h5t.C_S1.copy()
    space_padded.set_size(6)
    space_padded.set_strpad(h5py.h5t.STR_SPACEPAD)
    attribute = h5py.h5a.create(group.id, b"spaces", space_padded, h5py.h5s.create(h5py.h5s.SCALAR))
    attribute.write(np.array(b"ab    ", dtype="S6"), mtype=space_padded)


def write_datasets(f, **options):
    group = f.create_group("weights")
    for dtype in NUMBERS + BIG_ENDIAN:
        name = {"<": "", "|": "", ">": "big_"}[dtype[0]] + np.dtype(dtype).name
        group.create_dataset(f"kernels/{name}:0", data=values(dtype), **options)
    bits = (values("<f4").view("<u4") >> 16).astype("<u2")
    group.create_dataset("bfloat16", data=bits.view("|V2"))
    group.create_dataset("bfloat16 noted", data=bits.view("|V2")).attrs["dtype"] = "bfloat16"
    group.create_dataset("scalar", data=np.int64(-5))
    group.create_dataset("no elements", data=np.zeros((0, 4), "<f4"))
    group.create_dataset("unwritten", (2, 3), "<f4")
    group.create_dataset("text", data=np.array([b"a", b"b"]))
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_layout(h5py.h5d.COMPACT)
    compact = h5py.h5d.create(group.id, b"compact", h5py.h5t.IEEE_F32LE, h5py.h5s.create_simple((3, 5)), plist)
    compact.write(h5py.h5s.ALL, h5py.h5s.ALL, values("<f4"))


def write_links(f):
    """A group whose B-tree has several levels, and a path of many parts."""
    f.create_group("layers/conv1/conv")["conv1/conv/bias:0"] = values("<f4", (4,))
    group = f.create_group("many")
    for i in range(300):
        group[f"{i}"] = f["layers"]


def write_all(f, **options):
    write_attributes(f)
    write_datasets(f, **options)
    write_links(f)


def classic():
    """As Keras writes: superblock 0, old-style groups, contiguous."""
    with h5py.File(OUT / "classic.h5", "w") as f:
        write_all(f)


def chunked():
    with h5py.File(OUT / "chunked.h5", "w") as f:
        write_all(f, chunks=(2, 3), compression="gzip", shuffle=True, fletcher32=True)


def latest():
    """Superblock 3, new-style groups; more than eight attributes make them dense."""
    with h5py.File(OUT / "latest.h5", "w", libver="latest") as f:
        write_all(f, chunks=(2, 3), compression="gzip")
        f["attributes"].attrs["flag"] = True
        f["weights/flags"] = np.array([True, False])


def dense(f):
    """Groups whose links and attributes are few, many and very many; attributes too large for a heap's blocks; types kept apart."""
    f["w"] = values("<f4")
    for count in [1, 8, 9, 250]:
        group = f.create_group(f"links {count}")
        for i in range(count):
            group[f"{i} {'ß' * (i % 9)}"] = f["w"]
    for count in [8, 9, 60]:
        group = f.create_group(f"attributes {count}")
        for i in range(count):
            group.attrs[f"{i}"] = [f"text {i}", np.arange(i % 7), np.bytes_(b"x" * i)][i % 3]
    group.attrs["large"] = np.bytes_(b"{}" * 2500)
    f["type"], f["text type"] = np.dtype("<f4"), h5py.string_dtype()
    f.create_dataset("typed", data=values("<f4"), dtype=f["type"]).attrs.create("text", "größe", dtype=f["text type"])


def dense_latest():
    with h5py.File(OUT / "dense-latest.h5", "w", libver="latest") as f:
        dense(f)


def dense_ordered():
    """Superblock 0, but objects that remember in which order their links and attributes came."""
    with h5py.File(OUT / "dense-ordered.h5", "w", track_order=True) as f:
        h5py.get_config().track_order = True
        dense(f)
        h5py.get_config().track_order = False


def dense_holes():
    """Superblock 2, and a group that shrank: its heap has holes."""
    with h5py.File(OUT / "dense-holes.h5", "w", libver=("v108", "v108")) as f:
        dense(f)
        for name in list(f["links 250"])[::3]:
            del f["links 250"][name]
        for i in range(0, 60, 2):
            del f["attributes 60"].attrs[f"{i}"]


def user_block():
    with h5py.File(OUT / "user-block.h5", "w", userblock_size=512) as f:
        f["w"] = values("<f4")
        f.attrs["keras_version"] = "2.15.0"


def refused():
    """Files that lead elsewhere."""
    for kind, options in {"classic": {}, "latest": {"libver": "latest"}}.items():
        with h5py.File(OUT / f"links-{kind}.h5", "w", **options) as f:
            f["w"] = values("<f4")
            f["soft"] = h5py.SoftLink("/w")
            f["elsewhere/external"] = h5py.ExternalLink("other.h5", "/w")
            f.create_dataset("lzf", data=values("<f4"), compression="lzf")
            f.create_dataset("stored outside", (4,), "<f4", external=[("other.bin", 0, 16)])
            layout = h5py.VirtualLayout((3, 5), "<f4")
            layout[:] = h5py.VirtualSource("other.h5", "w", (3, 5))
            f.create_virtual_dataset("virtual", layout)


def plain(value):
    """An attribute as JSON: flat lists, text decoded, nothing for an empty dataspace."""
    if isinstance(value, h5py.Empty):
        return None
    if isinstance(value, (bytes, np.bytes_)):
        return value.decode()
    if isinstance(value, np.ndarray):
        return [plain(x) for x in value.ravel()]
    return value.item() if isinstance(value, np.generic) else value


def describe(f):
    """Every object by path: attributes, and names or dtype, shape and the hash of its little-endian bytes."""
    found = {}

    def visit(name, item):
        if isinstance(item, h5py.Datatype):
            return
        entry = {"attributes": {key: plain(value) for key, value in item.attrs.items()}}
        if isinstance(item, h5py.Group):
            entry["children"] = sorted(item)
        elif item.dtype.kind != "S":
            data = np.asarray(item[()])
            entry["dtype"] = "bfloat16" if data.dtype.kind == "V" else data.dtype.name
            entry["shape"] = list(item.shape)
            entry["sha256"] = hashlib.sha256(data.astype(data.dtype.newbyteorder("<")).tobytes()).hexdigest()
        found[name] = entry

    visit("", f)
    f.visititems(visit)
    return found


def archives():
    members = {"metadata.json": b'{"keras_version": "3.15.1"}', "assets/größe.txt": b"x" * 2000, "model.weights.h5": values("<f4", (60, 7)).tobytes()}

    def write(name, method=zipfile.ZIP_STORED, comment=b"", zip64=False):
        with zipfile.ZipFile(OUT / name, "w", method) as z:
            z.writestr("assets/", b"")
            for member, data in members.items():
                info = zipfile.ZipInfo(member, (2024, 1, 1, 0, 0, 0))
                info.compress_type = method
                with z.open(info, "w", force_zip64=zip64) as target:
                    target.write(data)
            z.comment = comment

    class Stream(io.RawIOBase):
        """Output that cannot seek: sizes follow the data, in descriptors."""

        def __init__(self):
            self.data = b""

        def writable(self):
            return True

        def write(self, data):
            self.data += bytes(data)
            return len(data)

    write("stored.zip")
    write("deflated.zip", zipfile.ZIP_DEFLATED, b"a comment with PK\5\6 in it")
    write("zip64.zip", zip64=True)
    write("bzip2.zip", zipfile.ZIP_BZIP2)
    stream = Stream()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as z:
        for member, data in members.items():
            z.writestr(zipfile.ZipInfo(member, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    (OUT / "descriptors.zip").write_bytes(stream.data)
    with zipfile.ZipFile(OUT / "outside.zip", "w") as z:
        z.writestr("../config.json", b"{}")
    with zipfile.ZipFile(OUT / "twice.zip", "w") as z:
        z.writestr("config.json", b"{}")
        z.writestr("./config.json", b"[]")
    return {name: hashlib.sha256(data).hexdigest() for name, data in members.items()}


def main():
    OUT.mkdir(parents=True, exist_ok=True)
    for write in [classic, chunked, latest, dense_latest, dense_ordered, dense_holes, user_block, refused]:
        write()
    expected = {}
    for name in ["classic.h5", "chunked.h5", "latest.h5", "dense-latest.h5", "dense-ordered.h5", "dense-holes.h5", "user-block.h5"]:
        with h5py.File(OUT / name) as f:
            expected[name] = describe(f)
    (OUT / "hdf5.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")
    (OUT / "zip.json").write_text(json.dumps(archives(), indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
