import assert from "node:assert/strict";
import { test } from "node:test";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { Change } from "./changes.ts";
import { followChanges } from "./follow-changes.ts";
import type { ChangeStore, StoredChange } from "./money-ports.ts";

/** A table of changes in memory, whose rows may become visible in any order. */
function aStore(firstId = 1) {
  const rows: StoredChange[] = [];
  let nextId = firstId;
  const store: ChangeStore = {
    insert: async (change) => {
      rows.push({ id: nextId, change });
      nextId += 1;
    },
    findLastId: async () => Math.max(firstId - 1, ...rows.map(({ id }) => id)),
    readAfter: async (after, max) =>
      rows
        .filter(({ id }) => id > after)
        .toSorted((left, right) => left.id - right.id)
        .slice(0, max),
    removeBefore: async () => undefined,
  };
  return { store, rows };
}

async function aFollower(store: ChangeStore) {
  const clock = createFakeClock();
  const changes = await followChanges({ store, clock, logger: { warn: () => undefined } });
  const heard: Change[] = [];
  changes.subscribe((change) => heard.push(change));
  return { changes, clock, heard };
}

test("every replica hears of a change once, by its poll or by a flush", async () => {
  const { store } = aStore();
  const left = await aFollower(store);
  const right = await aFollower(store);
  await left.changes.notify({ keyIds: [1, 2] });
  await left.changes.flush();
  await left.changes.flush();
  await right.clock.advance(500);
  await right.clock.advance(500);
  assert.deepEqual(left.heard, [{ keyIds: [1, 2] }]);
  assert.deepEqual(right.heard, [{ keyIds: [1, 2] }]);
});

test("a change that becomes visible after a later one is not missed", async () => {
  const { store, rows } = aStore();
  const { changes, heard } = await aFollower(store);
  rows.push({ id: 2, change: { priceVersion: 2 } });
  await changes.flush();
  rows.push({ id: 1, change: { priceVersion: 1 } });
  await changes.flush();
  assert.deepEqual(heard, [{ priceVersion: 2 }, { priceVersion: 1 }]);
});

test("what happened before the start is no news", async () => {
  const { store, rows } = aStore(900);
  rows.push({ id: 900, change: { userIds: [1] } });
  const { changes, heard } = await aFollower(store);
  await changes.flush();
  assert.deepEqual(heard, []);
});

test("a long list of ids is told in several parts, an empty change not at all", async () => {
  const { store, rows } = aStore();
  const { changes, heard } = await aFollower(store);
  const keyIds = Array.from({ length: 400 }, (_, index) => index + 1);
  await changes.notify({});
  await changes.notify({ keyIds, isOptionChange: true });
  await changes.flush();
  assert.equal(rows.length, 4);
  assert.deepEqual(
    heard.flatMap((change) => change.keyIds ?? []),
    keyIds,
  );
  assert.ok(heard.some(({ isOptionChange }) => isOptionChange === true));
});
