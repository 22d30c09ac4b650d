// Node: files on disk, downloads, ONNX Runtime's native binding.

import { open, realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { fail } from "../errors.ts";
import { bytesSource, type Source, type SourceFolder, safePath } from "../source.ts";
import { blobSource, emptyFolder, filesFolder } from "./folders.ts";
import { type Device, devices, type ModelInputSource, type Opened, type Runtime } from "./types.ts";
import { openUrl } from "./urls.ts";

export { cachedFile } from "./cache.ts";
export { download } from "./download.ts";

export const platform = "node";

/** Whether there is a file or folder of this name. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

let loading: Promise<typeof import("onnxruntime-node")> | undefined;

/** ONNX Runtime for a device. Loaded when first asked for. @throws {DEVICE} */
export async function loadRuntime(device: Device): Promise<Runtime> {
  loading ??= import("onnxruntime-node");
  const ort = await loading.catch((cause) =>
    fail("DEVICE", "ONNX Runtime could not be loaded on this machine.", {
      hint: "onnxruntime-node supports Linux x64 and arm64, macOS arm64 and Windows; run `npm ci` again.",
      cause,
    }),
  );
  const { listSupportedBackends } = ort as unknown as { listSupportedBackends?: () => { name: string }[] };
  const names = listSupportedBackends?.().map((backend) => backend.name) ?? ["cpu"];
  if (!names.includes(device)) {
    fail("DEVICE", `This machine's ONNX Runtime has no device "${device}".`, {
      hint: `Use one of: ${devices.filter((name) => names.includes(name)).join(", ")}.`,
      details: { device, available: names },
    });
  }
  return { InferenceSession: ort.InferenceSession, Tensor: ort.Tensor, provider: device, mapsFiles: true };
}

/** Number of threads that sessions use unless told otherwise; 0 lets ONNX Runtime choose (one a physical core). */
export const defaultThreads = 0;

/** Opens what the user named: a path, a URL (file:, http:, https:), bytes or a Blob. @throws {MISSING_FILE} @throws {NETWORK} */
export async function openInput(input: ModelInputSource): Promise<Opened> {
  if (input instanceof Uint8Array) return { name: "model", source: bytesSource(input, "model"), folder: emptyFolder };
  if (input instanceof Blob) return { name: (input as File).name ?? "model", source: blobSource(input), folder: emptyFolder };
  if (Array.isArray(input)) return filesFolder(input as readonly File[]);
  if (/^https?:/i.test(String(input))) return openUrl(new URL(input as string | URL));
  const path = input instanceof URL ? fileURLToPath(input) : resolve(input as string);
  const info = await stat(path).catch((cause) => failMissing(path, cause));
  if (info.isDirectory()) return { name: basename(path), source: undefined, folder: await diskFolder(path) };
  return { name: basename(path), source: await fileSource(path), folder: await diskFolder(dirname(path)) };
}

/** A file that ships with Pellucid, by its path in the package's `assets`. */
export function openAsset(path: string): Promise<Source> {
  return fileSource(fileURLToPath(new URL(`../../assets/${path}`, import.meta.url)));
}

/** A file on disk as a Source. Each slice opens and closes the file, so that no handle is left behind. */
export async function fileSource(path: string): Promise<Source> {
  const real = await realpath(path).catch((cause) => failMissing(path, cause));
  const { size } = await stat(real);
  return {
    name: basename(path),
    path: real,
    byteLength: size,
    async slice(start, end) {
      const length = Math.max(0, Math.min(end, size) - start);
      const bytes = new Uint8Array(length);
      const file = await open(real, "r").catch((cause) => failMissing(path, cause));
      try {
        for (let done = 0; done < length; ) {
          const { bytesRead } = await file.read(bytes, done, Math.min(length - done, 2 ** 30), start + done);
          if (bytesRead === 0) fail("BAD_MODEL", `${basename(path)} became shorter while it was read.`, { details: { path: real } });
          done += bytesRead;
        }
      } finally {
        await file.close();
      }
      return bytes;
    },
  };
}

/** The files under a folder on disk; links that lead out of it are refused. */
async function diskFolder(path: string): Promise<SourceFolder> {
  const root = await realpath(path);
  return {
    name: basename(root) || root,
    async open(name) {
      const target = join(root, safePath(name));
      const real = await realpath(target).catch(() => undefined);
      if (!real) return undefined;
      const inside = relative(root, real);
      if (inside === ".." || inside.startsWith(`..${sep}`) || resolve(root, inside) !== real) {
        fail("UNSAFE_PATH", `"${name}" is a link that leads out of the model's folder.`, {
          hint: "Put the file itself beside the model.",
          details: { name, folder: root },
        });
      }
      return (await stat(real)).isFile() ? fileSource(real) : undefined;
    },
  };
}

function failMissing(path: string, cause: unknown): never {
  const missing = (cause as { code?: string }).code === "ENOENT";
  return fail("MISSING_FILE", missing ? `There is no file ${path}.` : `${path} cannot be read (${(cause as Error).message}).`, {
    hint: missing ? "Check the path; relative paths start at the current folder." : "Check the file's permissions.",
    details: { path },
    cause,
  });
}
