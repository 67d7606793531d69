import assert from "node:assert/strict";
import { test } from "node:test";
import { Check } from "@tollgate/proto/quota/v1/reconcile_service";
import { startAdmin } from "../../testing/start-admin.ts";

test("root sees the last run of every check and the alarms; nobody else does", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const { json } = await root.get("/api/reconcile/");
  const quiet = { took_ms: 0, violation_count: 0, violations: [] };
  assert.deepEqual(json.data, {
    jobs: [
      { job: "held", rule: "R1", at: 9, checked: 4, complete: true, ...quiet },
      {
        job: "batches",
        rule: "R3",
        at: 8,
        took_ms: 5,
        checked: 2,
        violation_count: 2,
        violations: ["one", "two"],
        complete: false,
      },
    ],
    violation_count: 2,
    alarms: [
      {
        ...quiet,
        job: "posted",
        rule: "R2",
        at: 1,
        checked: 0,
        violation_count: 1,
        violations: ["old"],
        complete: false,
      },
    ],
  });
  const boss = await admin.signIn(admin.quota.users.add({ username: "boss", role: 10 }));
  assert.equal((await boss.get("/api/reconcile/")).json.success, false);
});

test("root runs a check now; nobody else does, and only checks that there are", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const boss = await admin.signIn(admin.quota.users.add({ username: "boss", role: 10 }));
  const path = "/api/reconcile/run";
  assert.equal((await boss.post(path, { job: "posted" })).json.success, false);
  const unknown = (await root.post(path, { job: "everything" })).json;
  assert.equal(unknown.success, false);
  assert.match(unknown.message ?? "", /held_all, posted/u);
  assert.deepEqual(admin.quota.reports.checksRun, []);
  const { data } = (await root.post(path, { job: "held_all" })).json;
  assert.partialDeepStrictEqual(data, { job: "held_all", rule: "R1", at: 10, checked: 3 });
  assert.deepEqual(admin.quota.reports.checksRun, [Check.HELD_ALL]);
});
