// Keeps the sessions that were used last, so that a second call with the same layer or class costs no loading.

import type { Session } from "./session.ts";

/** Least recently used sessions by key; what falls out is disposed. */
export class SessionCache {
  readonly #sessions = new Map<string, Promise<Session>>();
  readonly #capacity: number;

  constructor(capacity = 4) {
    this.#capacity = capacity;
  }

  /** The session under `key`, made by `create` if it is not there. A failed creation is not kept. */
  async get(key: string, create: () => Promise<Session>): Promise<Session> {
    const known = this.#sessions.get(key);
    const session = known ?? create();
    this.#sessions.delete(key);
    this.#sessions.set(key, session);
    for (const oldest of this.#sessions.keys()) {
      if (this.#sessions.size <= this.#capacity) break;
      await this.#drop(oldest);
    }
    return session.catch((error) => {
      if (this.#sessions.get(key) === session) this.#sessions.delete(key);
      throw error;
    });
  }

  /** Disposes all. */
  async clear(): Promise<void> {
    await Promise.all([...this.#sessions.keys()].map((key) => this.#drop(key)));
  }

  async #drop(key: string): Promise<void> {
    const session = this.#sessions.get(key);
    this.#sessions.delete(key);
    await session?.then(
      (s) => s.dispose(),
      () => undefined,
    );
  }
}
