import { expect, test } from "vitest";
import { GraphWriter } from "../../src/ops/writer.ts";
import { createSession, type Session } from "../../src/runtime/session.ts";
import { SessionCache } from "../../src/runtime/session-cache.ts";
import { float32 } from "../../src/tensor/tensor.ts";

const x = float32([1], [1]);

function create(): Promise<Session> {
  const writer = new GraphWriter();
  return createSession(writer.finish([writer.emit("Relu", [writer.input("x", "float32", [1])])]));
}

function isAlive(session: Session): Promise<boolean> {
  return session.run({ x }).then(
    () => true,
    () => false,
  );
}

test("a session is kept for its key", async () => {
  const cache = new SessionCache();
  const first = await cache.lease("a", create);
  const second = await cache.lease("a", () => Promise.reject(new Error("made twice")));
  expect(second.session).toBe(first.session);
  await first.release();
  await second.release();
  await cache.clear();
  expect(await isAlive(first.session)).toBe(false);
});

test("what was used longest ago falls out, but not while it is in use", async () => {
  const cache = new SessionCache(2);
  const held = await cache.lease("held", create);
  const idle = await cache.lease("idle", create);
  await idle.release();
  for (const key of ["c", "d"]) await (await cache.lease(key, create)).release();
  expect([await isAlive(held.session), await isAlive(idle.session)]).toEqual([true, false]);
  await held.release();
  expect(await isAlive(held.session)).toBe(false);
});

test("a failed creation is not kept", async () => {
  const cache = new SessionCache();
  await expect(cache.lease("a", () => Promise.reject(new Error("no memory")))).rejects.toThrow("no memory");
  const lease = await cache.lease("a", create);
  expect(await isAlive(lease.session)).toBe(true);
  await lease.release();
  await cache.clear();
});
