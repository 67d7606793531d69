import assert from "node:assert/strict";
import { test } from "node:test";
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
