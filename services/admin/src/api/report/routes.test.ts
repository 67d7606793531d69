import assert from "node:assert/strict";
import { test } from "node:test";
import { startAdmin } from "../../testing/start-admin.ts";

test("re-rating goes on until all calls are through and adds the parts up; it is root's", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const order = { from: 10, to: 20, price_version: 9 };
  const { json } = await root.post("/api/report/re_rate", order);
  const sums = {
    calls: 4,
    billed_nano: "20",
    re_rated_nano: "19",
    difference_nano: "-1",
    unpriced_calls: 2,
  };
  assert.deepEqual(json.data, {
    dry_run: true,
    price_version: 9,
    rows: [{ user_id: 1, username: "bob", model: "gpt", ...sums }],
    total: sums,
    complete: true,
    next: "",
    log_from: 7,
  });
  assert.deepEqual(
    admin.quota.reports.reRates.map(({ fromMs, toMs, userId, after }) => [
      fromMs,
      toMs,
      userId,
      after,
    ]),
    [
      [10_000n, 20_000n, 0n, ""],
      [10_000n, 20_000n, 0n, "row"],
    ],
  );
  const boss = await admin.signIn(admin.quota.users.add({ username: "boss", role: 10 }));
  assert.equal((await boss.post("/api/report/re_rate", order)).json.success, false);
});

test("a re-rating that takes too long answers with what it has and where to go on", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  admin.quota.reports.duringReRate = async () => admin.clock.advance(30_000);
  const { json } = await root.post("/api/report/re_rate", { from: 1, to: 2, price_version: 9 });
  assert.deepEqual([json.data.complete, json.data.next, json.data.total.calls], [false, "row", 2]);
});

test("a statement's lines are what lies between its balances, and it says its time zone", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const { json } = await root.get("/api/report/statement?user_id=7&month=2026-11");
  const lines: { amount_nano: string }[] = json.data.lines;
  const sum = lines.reduce((total, line) => total + BigInt(line.amount_nano), 0n);
  assert.equal(sum, BigInt(json.data.closing_nano) - BigInt(json.data.opening_nano));
  assert.partialDeepStrictEqual(json.data, {
    user_id: 7,
    month: "2026-11",
    time_zone: "UTC",
    running: true,
    charged_nano: "50",
    lines: [
      { kind: "top-up", count: 2, amount_nano: "1000000000" },
      { kind: "charge", date: "2026-11-01", count: 3, amount_nano: "-40" },
      { kind: "charge", date: "2026-11-02", model: "gpt", amount_nano: "-5" },
      { kind: "carried-in", amount_nano: "-7" },
      { kind: "carried-out", amount_nano: "2" },
    ],
  });
});

test("as CSV it is a file whose names no spreadsheet takes for formulas", async () => {
  await using admin = await startAdmin();
  const root = await admin.signIn(admin.addRoot());
  const reply = await root.get("/api/report/statement?user_id=7&month=2026-11&format=csv");
  assert.match(reply.headers.get("content-type") ?? "", /^text\/csv/u);
  assert.match(reply.headers.get("content-disposition") ?? "", /statement-7-2026-11-utc\.csv/u);
  assert.deepEqual(reply.text.split("\r\n"), [
    "kind,date_utc,model,count,amount_nano_usd,amount_usd",
    "opening,2026-11-01,,,100,0.000000100",
    "top-up,,,2,1000000000,1.000000000",
    `charge,2026-11-01,"'=cmd,""x""",3,-40,-0.000000040`,
    "charge,2026-11-02,gpt,1,-5,-0.000000005",
    "carried-in,,,0,-7,-0.000000007",
    "carried-out,,,0,2,0.000000002",
    "closing,2026-11-30,,,1000000050,1.000000050",
    "",
  ]);
});

test("customers get their own month, whatever they ask for", async () => {
  await using admin = await startAdmin();
  const bob = admin.quota.users.add({ username: "bob" });
  const browser = await admin.signIn(bob);
  const { json } = await browser.get("/api/user/statement?month=2026-11&user_id=99");
  assert.equal(json.success, true);
  assert.deepEqual(
    admin.quota.reports.statements.map(({ userId, year, month }) => [userId, year, month]),
    [[bob.user.id, 2026, 11]],
  );
  const refused = await browser.get("/api/report/statement?month=2026-11&user_id=99");
  assert.equal(refused.json.success, false);
  assert.equal((await browser.get("/api/user/statement?month=2026-1")).json.success, false);
});
