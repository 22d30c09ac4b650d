// Keeps the sessions that were used last, so that a second call with the same layer or class costs no loading.

import type { Session } from "./session.ts";

/** A session that stays alive until it is given back. */
export interface Lease {
  readonly session: Session;
  /** Gives it back; once. Frees it if it fell out of the cache meanwhile. */
  release(): Promise<void>;
}

interface Entry {
  readonly session: Promise<Session>;
  users: number;
  /** Whether it fell out of the cache: its last user disposes of it. */
  dropped: boolean;
}

/** Least recently used sessions by key. What falls out is disposed as soon as nobody uses it. */
export class SessionCache {
  readonly #entries = new Map<string, Entry>();
  readonly #capacity: number;

  constructor(capacity = 4) {
    this.#capacity = capacity;
  }

  /** The session under `key`, made by `create` if it is not there. A failed creation is not kept. */
  async lease(key: string, create: () => Promise<Session>): Promise<Lease> {
    const entry = this.#entries.get(key) ?? { session: create(), users: 0, dropped: false };
    entry.users++;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    for (const oldest of this.#entries.keys()) if (this.#entries.size > this.#capacity) this.#drop(oldest);
    try {
      return { session: await entry.session, release: () => this.#release(entry) };
    } catch (error) {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
      throw error;
    }
  }

  /** Drops all; resolves when those that nobody uses are disposed. */
  async clear(): Promise<void> {
    await Promise.all([...this.#entries.keys()].map((key) => this.#drop(key)));
  }

  #drop(key: string): Promise<void> {
    const entry = this.#entries.get(key) as Entry;
    this.#entries.delete(key);
    entry.dropped = true;
    return this.#disposeIfIdle(entry);
  }

  #release(entry: Entry): Promise<void> {
    entry.users--;
    return this.#disposeIfIdle(entry);
  }

  async #disposeIfIdle(entry: Entry): Promise<void> {
    if (entry.dropped && entry.users === 0) await (await entry.session).dispose();
  }
}
