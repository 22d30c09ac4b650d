// A server of files on this machine that misbehaves on request.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What a server does with a request; `request` counts them from 0. */
export type Behaviour = (request: number, incoming: IncomingMessage, outgoing: ServerResponse) => void;

export interface FileServer {
  readonly url: string;
  /** The requests that came, by their headers. */
  readonly requests: readonly IncomingMessage[];
  close(): Promise<void>;
}

export async function serve(behaviour: Behaviour): Promise<FileServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((incoming, outgoing) => behaviour(requests.push(incoming) - 1, incoming, outgoing));
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

export interface Honest {
  readonly etag?: string;
  /** Whether it answers with parts. Default: true. */
  readonly ranges?: boolean;
}

/** Sends a file, or the part of it that was asked for, up to byte `end`, and then breaks off. */
export function send(
  file: Uint8Array,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { etag = '"1"', ranges = true }: Honest = {},
  end = file.length,
): void {
  const asked = ranges && incoming.headers["if-range"] === etag ? /^bytes=(\d+)-$/.exec(incoming.headers.range ?? "") : null;
  const start = asked ? Number(asked[1]) : 0;
  if (start >= file.length) {
    outgoing.writeHead(416, { "content-range": `bytes */${file.length}` }).end();
    return;
  }
  const range = asked ? { "content-range": `bytes ${start}-${file.length - 1}/${file.length}` } : {};
  outgoing.writeHead(asked ? 206 : 200, { etag, "content-length": file.length - start, ...range });
  if (end >= file.length) outgoing.end(file.subarray(start));
  else outgoing.write(file.subarray(start, Math.max(start, end)), () => setTimeout(() => outgoing.destroy(), 20));
}
