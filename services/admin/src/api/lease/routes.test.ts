import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin } from "../../testing/start-admin.ts";

const journal = "07070707-0707-0707-0707-070707070707";

test("root sees journals with what they hold, exactly, and the leases of one", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const list = (await root.get("/api/lease/?page_size=10")).json;
  assert.equal(list.total, 1);
  assert.partialDeepStrictEqual(list.data[0], {
    journal_id: journal,
    node: "relay-1",
    epoch: 3,
    last_seen: 1_700_000_000,
    held_nano: "9007199254740993",
    open_calls: 2,
    force_closed_at: 0,
  });
  const { data } = (await root.get(`/api/lease/${journal}`)).json;
  assert.partialDeepStrictEqual(data[0], { lease_no: 5, user_id: 8, held_nano: "7" });
});

test("root gives a journal up, which is written down; nobody else may, and no other name will do", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const clerk = await admin.signIn(admin.quota.users.add({ username: "clerk", role: 10 }));
  const path = "/api/lease/force_close";
  assert.equal((await clerk.post(path, { journal_id: journal })).json.success, false);
  assert.equal((await clerk.get("/api/lease/")).json.success, false);
  for (const wrong of ["x".repeat(36), "08080808-0707-0707-0707-070707070707"]) {
    assert.equal((await root.post(path, { journal_id: wrong })).json.success, false);
  }
  assert.deepEqual((await root.post(path, { journal_id: journal })).json.data, {
    billed_calls: 2,
    cost_nano: "3",
    released_leases: 1,
    released_nano: "4",
  });
  assert.equal(admin.quota.leases.closed.length, 1);
  assert.ok(admin.quota.log.at(-1)?.content.includes(journal));
});
