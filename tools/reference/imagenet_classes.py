"""The names of ImageNet's classes: assets/imagenet-classes.txt, one `synset name` a line.

Ids and words are WordNet's, taken from the package timm; that they are Keras's, is proven by the hash of the file that
Keras downloads, imagenet_class_index.json.

Run: pip install timm; python tools/reference/imagenet_classes.py
"""

import hashlib
import importlib.util
import json
from pathlib import Path

MD5 = "c2c37ea517e94d9795004a39431a14cb"


def main():
    info = Path(importlib.util.find_spec("timm").origin).parent / "data" / "_info"
    synsets = (info / "imagenet_synsets.txt").read_text().split()
    words = dict(line.split("\t", 1) for line in (info / "imagenet_synset_to_lemma.txt").read_text().splitlines())
    names = [words[synset].split(",")[0].strip().replace(" ", "_") for synset in synsets]
    index = {str(i): [synset, name] for i, (synset, name) in enumerate(zip(synsets, names))}
    assert hashlib.md5(json.dumps(index).encode()).hexdigest() == MD5
    lines = "".join(f"{synset} {name}\n" for synset, name in zip(synsets, names))
    (Path(__file__).parents[2] / "assets" / "imagenet-classes.txt").write_text(lines)


if __name__ == "__main__":
    main()
