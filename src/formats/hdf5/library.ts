// What our own reader does not know, through the C library compiled to WebAssembly: chunks, filters, enumerations.

import type { Weight } from "../../graph/types.ts";
import type { Source } from "../../source.ts";
import { dtypeOf } from "./dataset.ts";
import { type LibraryFile, withLibrary } from "./library-module.ts";
import { datatypeOf, stringsAt, withValue } from "./library-value.ts";
import { failOutside } from "./outside.ts";
import type { AttributeValue, Hdf5 } from "./types.ts";
import { valuesOf } from "./value.ts";
import { openWindow } from "./window.ts";

/** The file; of it only those bytes are read that an answer takes. */
export function openWithLibrary(source: Source): Hdf5 {
  const window = openWindow(source);
  return {
    attribute: (path, name) => withLibrary(window, (file) => (find(file, path) ? attributeOf(file, path || "/", name) : undefined)),
    children: (path) => withLibrary(window, (file) => (find(file, path) === "group" ? namesIn(file, path) : undefined)),
    dataset: (path) => withLibrary(window, (file) => (find(file, path) === "dataset" ? datasetOf(file, path) : undefined)),
  };
}

/** What is at a path. Every part of it is looked at, for the library itself would follow links. @throws {UNSAFE_PATH} */
function find(file: LibraryFile, path: string): "group" | "dataset" | undefined {
  const { library, id } = file;
  let at = "";
  let kind = library.H5G_GROUP;
  for (const name of path.split("/").filter(Boolean)) {
    if (kind !== library.H5G_GROUP || !namesIn(file, at).includes(name)) return undefined;
    at += `/${name}`;
    if (library.get_symbolic_link(id, at) !== null || library.get_external_link(id, at).filename !== undefined) failOutside();
    kind = library.get_type(id, at);
  }
  return kind === library.H5G_GROUP ? "group" : kind === library.H5G_DATASET ? "dataset" : undefined;
}

function namesIn({ library, id }: LibraryFile, path: string): string[] {
  return library.get_names(id, path || "/", false).sort();
}

function attributeOf(file: LibraryFile, path: string, name: string): AttributeValue | undefined {
  const { library, id } = file;
  if (!library.get_attribute_names(id, path).includes(name)) return undefined;
  const metadata = library.get_attribute_metadata(id, path, name);
  if (!metadata.shape) return undefined;
  const datatype = datatypeOf(metadata);
  const values = withValue(
    file,
    metadata,
    (address) => library.get_attribute_data(id, path, name, address),
    (bytes) => (datatype.kind === "variable string" ? stringsAt(file, bytes) : valuesOf(datatype, bytes)),
  );
  return metadata.shape.length === 0 ? (values[0] as string | number) : values;
}

function datasetOf(file: LibraryFile, path: string): Weight {
  const { library, id } = file;
  const metadata = library.get_dataset_metadata(id, path);
  if (metadata.virtual_sources) failOutside();
  const datatype = datatypeOf(metadata);
  const dtype = dtypeOf(datatype, datatype.kind === "opaque" ? attributeOf(file, path, "dtype") : undefined);
  const data = withValue(
    file,
    metadata,
    (address) => library.get_dataset_data(id, path, null, null, null, address),
    (bytes) => bytes.slice(),
  );
  return { dtype, shape: metadata.shape ?? [0], data };
}
