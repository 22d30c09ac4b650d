// Node: one HTTP request for a file or the rest of one. Redirects are followed to secure addresses only.

import { checkAborted, fail, isPellucidError } from "../errors.ts";

const MOST_REDIRECTS = 5;

/** What answers a request. */
export interface Answer {
  /** 200 with the whole file, 206 with the rest of it, 416 where nothing is left. */
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  /** Where it came from, behind all redirects. */
  readonly url: string;
}

/**
 * Asks for a file.
 *
 * @param signal ends the request, for whatever reason
 * @throws {NETWORK} if no one answers, or with anything but the file
 */
export async function request(address: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Answer> {
  let url = checkSecure(new URL(address), undefined);
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const response = await fetch(url, { headers: { "accept-encoding": "identity", ...headers }, redirect: "manual", signal }).catch((cause) =>
      failConnection(url, cause, signal),
    );
    if ([200, 206, 416].includes(response.status)) return { status: response.status, headers: response.headers, body: response.body, url: url.href };
    await response.body?.cancel();
    const location = response.headers.get("location");
    if (response.status < 300 || response.status > 399 || !location) failStatus(url, response.status);
    url = checkSecure(new URL(location, url), url);
  }
  return fail("NETWORK", `${address} redirects more than ${MOST_REDIRECTS} times.`, { hint: "Try again later.", details: { url: address } });
}

/** http is for this machine only, and not for those who came by https. @throws {NETWORK} */
function checkSecure(url: URL, from: URL | undefined): URL {
  const local = url.protocol === "http:" && ["127.0.0.1", "[::1]", "localhost"].includes(url.hostname);
  if (url.protocol === "https:" || (local && from?.protocol !== "https:")) return url;
  return fail("NETWORK", `${from ? `${from.href} redirects to ${url.href}` : url.href}, which is not secure (https).`, {
    hint: "Set PELLUCID_MIRROR to an https address, or leave it unset.",
    details: { url: url.href },
  });
}

function failStatus(url: URL, status: number): never {
  return fail("NETWORK", `${url.href} answers ${status}.`, {
    hint: status >= 500 || status === 429 ? "The server has trouble: try again later." : "The file may have moved: look for a newer Pellucid.",
    details: { url: url.href, status },
  });
}

/** @throws {ABORTED} if the user stopped it @throws {NETWORK} */
export function failConnection(url: URL | string, cause: unknown, signal: AbortSignal): never {
  if (isPellucidError(signal.reason, "ABORTED")) throw signal.reason;
  const reason = signal.aborted ? signal.reason : cause;
  const { message, cause: inner } = reason as Error;
  const code = (inner as NodeJS.ErrnoException | undefined)?.code;
  return fail("NETWORK", `${new URL(url).host} cannot be reached (${code ?? (inner as Error | undefined)?.message ?? message}).`, {
    hint: "Check the network; what was downloaded is kept, and the next try goes on from there.",
    details: { url: String(url) },
    cause,
  });
}

/** Ends when the user says so, or when `alive` was not called for so many milliseconds. */
export function patience(user: AbortSignal | undefined, milliseconds: number): { signal: AbortSignal; alive(): void; end(): void } {
  const controller = new AbortController();
  const stop = () => {
    try {
      checkAborted(user);
    } catch (error) {
      controller.abort(error);
    }
  };
  stop();
  user?.addEventListener("abort", stop, { once: true });
  const give = () => controller.abort(new Error(`no data for ${milliseconds / 1000} s`));
  let timer = setTimeout(give, milliseconds);
  return {
    signal: controller.signal,
    alive() {
      clearTimeout(timer);
      timer = setTimeout(give, milliseconds);
    },
    end() {
      clearTimeout(timer);
      user?.removeEventListener("abort", stop);
    },
  };
}
