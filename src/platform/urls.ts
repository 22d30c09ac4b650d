// Models on a web server: the file itself, and the files beside it.

import { fail } from "../errors.ts";
import { type Source, type SourceFolder, safePath } from "../source.ts";
import { blobSource } from "./folders.ts";
import type { Opened } from "./types.ts";

/** Opens a file on a server; others are looked for beside it. @throws {MISSING_FILE} @throws {NETWORK} */
export async function openUrl(url: URL): Promise<Opened> {
  const source = await urlSource(url);
  return { name: source.name, source, folder: urlFolder(new URL(".", url)) };
}

/** A file on a server, read whole. @throws {MISSING_FILE} if the server has none @throws {NETWORK} if it cannot be reached */
export async function urlSource(url: URL): Promise<Source> {
  const response = await get(url);
  if (!response.ok) {
    fail("MISSING_FILE", `${url.href} answers ${response.status}.`, { hint: "Check the address.", details: { url: url.href, status: response.status } });
  }
  return named(await response.blob(), url.pathname.split("/").pop() || "model");
}

function urlFolder(base: URL): SourceFolder {
  return {
    name: base.href,
    async open(path) {
      const response = await get(new URL(safePath(path), base));
      return response.ok ? named(await response.blob(), path) : undefined;
    },
  };
}

function get(url: URL): Promise<Response> {
  return fetch(url).catch((cause) =>
    fail("NETWORK", `${url.href} cannot be fetched.`, {
      hint: "Check the address and the network; a browser also needs the host to allow other origins (CORS).",
      details: { url: url.href },
      cause,
    }),
  );
}

function named(blob: Blob, name: string): Source {
  return { ...blobSource(blob), name };
}
