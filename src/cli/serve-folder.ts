// Serves a folder of static files on loopback, with the headers that multithreaded wasm needs.

import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { fail } from "pellucid";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** With these the page is cross-origin isolated: shared memory, and so threads, are allowed. */
const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

export interface FolderServer {
  readonly url: string;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** 0 takes any free port. */
  port?: number;
  /** Whether the isolation headers are sent. Default: true. */
  isolated?: boolean;
}

/** Starts serving on 127.0.0.1. @throws {BAD_ARGUMENT} if the port is taken or not allowed */
export async function serveFolder(folder: string, { port = 0, isolated = true }: ServeOptions = {}): Promise<FolderServer> {
  const root = await realpath(folder);
  const headers = { "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache", ...(isolated ? isolation : {}) };
  const server = createServer((request, response) => {
    answer(root, headers, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve)).catch((cause) =>
    fail("BAD_ARGUMENT", `Port ${port} cannot be used: ${(cause as Error).message}.`, { hint: "Choose another with --port.", cause }),
  );
  const { port: chosen } = server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${chosen}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(root: string, headers: Readonly<Record<string, string>>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const end = (status: number) => void response.writeHead(status, headers).end();
  if (!isLoopback(request.headers.host)) return end(403);
  if (request.method !== "GET" && request.method !== "HEAD") return end(405);
  const file = await fileAt(root, request.url ?? "/");
  if (!file) return end(404);
  response.writeHead(200, { ...headers, "Content-Type": types[extname(file.path)] ?? "application/octet-stream", "Content-Length": file.size });
  if (request.method === "HEAD") return void response.end();
  await pipeline(createReadStream(file.path), response);
}

/** Other names that lead here (DNS rebinding) are refused. */
function isLoopback(host = ""): boolean {
  return /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(host);
}

/** The file that an address means; undefined if there is none within the folder, links resolved. */
async function fileAt(root: string, url: string): Promise<{ path: string; size: number } | undefined> {
  const name = decodePath(url);
  if (name === undefined || name.includes("\0")) return undefined;
  const path = await realpath(join(root, name.endsWith("/") ? `${name}index.html` : name)).catch(() => undefined);
  if (!path?.startsWith(root + sep)) return undefined;
  const info = await stat(path);
  return info.isFile() ? { path, size: info.size } : undefined;
}

function decodePath(url: string): string | undefined {
  try {
    return decodeURIComponent(url.replace(/[?#].*$/, ""));
  } catch {
    return undefined;
  }
}
