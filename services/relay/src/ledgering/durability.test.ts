import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { DurabilityLevel } from "#ledgering/durability.ts";
import { createDurability } from "#ledgering/durability.ts";

function open(level: DurabilityLevel) {
  const clock = createFakeClock();
  const gates = {
    written: Promise.withResolvers<void>(),
    durable: Promise.withResolvers<void>(),
    shipped: Promise.withResolvers<void>(),
  };
  const alarms: string[] = [];
  const durability = createDurability({
    level,
    journal: {
      written: async () => gates.written.promise,
      durable: async () => gates.durable.promise,
    },
    shipped: async () => gates.shipped.promise,
    clock,
    logger: {
      error: (_fields: unknown, text?: string) => {
        alarms.push(text ?? "");
      },
      info: () => undefined,
    },
  });
  const follow = (waiting: Promise<void> | undefined) => {
    const state = { isDone: false };
    void (async () => {
      await waiting;
      state.isDone = true;
    })();
    return state;
  };
  const settle = async (): Promise<void> =>
    new Promise((resolve) => {
      setImmediate(resolve);
    });
  return { clock, gates, alarms, durability, follow, settle };
}

test("process: a record that is written is enough", async () => {
  const { gates, durability, follow, settle } = open("process");
  const end = follow(durability.ended(1));
  gates.written.resolve();
  await settle();
  assert.ok(end.isDone);
});

test("local: a record must be on the disk", async () => {
  const { gates, durability, follow, settle } = open("local");
  const end = follow(durability.ended(1));
  gates.written.resolve();
  await settle();
  assert.ok(!end.isDone);
  gates.durable.resolve();
  await settle();
  assert.ok(end.isDone);
});

test("local+remote: an end must be on the disk and with quota, a start on the disk", async () => {
  const { gates, alarms, durability, follow, settle } = open("local+remote");
  const [start, end] = [follow(durability.started(1)), follow(durability.ended(2))];
  gates.durable.resolve();
  await settle();
  assert.ok(start.isDone && !end.isDone);
  gates.shipped.resolve();
  await settle();
  assert.ok(end.isDone);
  assert.deepEqual(alarms, []);
});

test("local+remote without quota: clients wait a bounded time, an alarm is raised once, and later ones do not wait", async () => {
  const { clock, gates, alarms, durability, follow, settle } = open("local+remote");
  gates.durable.resolve();
  const first = follow(durability.ended(1));
  await settle();
  await clock.advance(1999);
  assert.ok(!first.isDone);
  await clock.advance(1);
  const second = follow(durability.ended(2));
  await settle();
  assert.ok(first.isDone && second.isDone);
  assert.equal(alarms.length, 1);
  gates.shipped.resolve();
  await settle();
  assert.equal(alarms.length, 1);
});
