"""What the scripts that write files of Keras share."""

import json
import re
import zipfile

import numpy as np


def plain(array, digits=6):
    array = np.asarray(array, "float32")
    return {"shape": list(array.shape), "data": [float(f"{x:.{digits}g}") for x in array.ravel()]}


def deflate(path, version):
    """Keras stores its archives' members; empty groups of HDF5 compress well. What changes from run to run is left out."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["config.json"] = re.sub(rb', "shared_object_id": \d+', b"", members["config.json"])
    members["metadata.json"] = json.dumps({"keras_version": version}).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED, 9)
