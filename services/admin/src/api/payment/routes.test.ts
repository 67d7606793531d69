import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { startAdmin, type RunningAdmin } from "../../testing/start-admin.ts";

const secrets = { PAYMENT_WEBHOOK_SECRETS: "acme=top secret,other=another" };

const event = {
  event_id: "evt-1",
  payment_id: "pay-1",
  user_id: 7,
  amount: "12.345678901",
  currency: "USD",
  kind: "paid",
};

interface Sending {
  readonly provider?: string;
  readonly secret?: string;
  readonly agoSeconds?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent instead of what was signed. */
  readonly forged?: string;
}

async function send(admin: RunningAdmin, body: unknown, sending: Sending = {}) {
  const { provider = "acme", secret = "top secret", agoSeconds = 0, headers, forged } = sending;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const timestamp = String(Math.floor(admin.clock.nowMs() / 1000) - agoSeconds);
  const signature = createHmac("sha256", secret).update(`${timestamp}.${text}`).digest("hex");
  return admin.browser().post(`/api/payment/webhook/${provider}`, forged ?? text, {
    "sec-fetch-site": "",
    "x-tollgate-timestamp": timestamp,
    "x-tollgate-signature": `sha256=${signature}`,
    ...headers,
  });
}

test("a signed event is booked once; told again, it is answered as the first time", async () => {
  await using admin = await startAdmin(secrets);
  const first = await send(admin, event);
  assert.equal(first.status, 200);
  assert.deepEqual(first.json.data, {
    event_id: "evt-1",
    payment_id: "pay-1",
    duplicate: false,
    received_at_ms: 5,
  });
  const second = await send(admin, event);
  assert.deepEqual([second.status, second.json.data.duplicate], [200, true]);
  const [booked] = admin.quota.payments.events;
  assert.deepEqual(
    [booked?.provider, booked?.userId, booked?.amountNanos],
    ["acme", 7n, 12_345_678_901n],
  );
  const other = await send(admin, { ...event, amount: "1" });
  assert.equal(other.status, 409);
  assert.equal(admin.quota.payments.events.length, 1);
});

test("nothing is booked without the provider's own, fresh signature over exactly this body", async () => {
  await using admin = await startAdmin(secrets);
  const forgeries: readonly Sending[] = [
    { secret: "another" },
    { secret: "" },
    { agoSeconds: 301 },
    { agoSeconds: -301 },
    { headers: { "x-tollgate-signature": "" } },
    { headers: { "x-tollgate-signature": "sha256=" } },
    { headers: { "x-tollgate-timestamp": "soon" } },
    { forged: JSON.stringify({ ...event, amount: "999" }) },
    { forged: `${JSON.stringify(event)} ` },
    { provider: "other" },
  ];
  for (const forgery of forgeries) {
    const { status } = await send(admin, event, forgery);
    assert.equal(status, 401, JSON.stringify(forgery));
  }
  assert.equal(admin.quota.payments.events.length, 0);
  assert.equal((await send(admin, event, { agoSeconds: 299 })).status, 200);
});

test("a provider without a secret has no webhook", async () => {
  await using admin = await startAdmin(secrets);
  assert.equal((await send(admin, event, { provider: "nobody" })).status, 404);
  await using bare = await startAdmin();
  assert.equal((await send(bare, event)).status, 404);
  assert.equal((await send(bare, event, { secret: "" })).status, 404);
});

test("signed nonsense is refused with a reason and a status that providers understand", async () => {
  await using admin = await startAdmin(secrets);
  const wrong: readonly unknown[] = [
    "{",
    "[]",
    { ...event, currency: "EUR" },
    { ...event, amount: "-1" },
    { ...event, amount: "1e9" },
    { ...event, amount: 12.5 },
    { ...event, amount: "0.0000000001" },
    { ...event, amount_nano: "5" },
    { ...event, amount: undefined },
    { ...event, user_id: "seven" },
    { ...event, event_id: "" },
    { ...event, kind: "stolen" },
  ];
  for (const body of wrong) {
    const { status, json } = await send(admin, body);
    assert.equal(status, 400, JSON.stringify(body));
    assert.equal(json.success, false);
  }
  const { amount: _amount, currency: _currency, ...rest } = event;
  const exact = { ...rest, amount_nano: "900000000000000001", user_id: "7" };
  assert.equal((await send(admin, exact)).status, 200);
  assert.equal(admin.quota.payments.events[0]?.amountNanos, 900_000_000_000_000_001n);
  const large = await send(admin, { ...event, payload: "x".repeat(70_000) });
  assert.equal(large.status, 413);
});

test("an empty secret stops the start", async () => {
  await assert.rejects(
    startAdmin({ PAYMENT_WEBHOOK_SECRETS: "acme=" }),
    /PAYMENT_WEBHOOK_SECRETS.*no secret for acme/su,
  );
});
