import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { record, records } from "../harness/admin-client.ts";
import { keyOfUser, logRowOf, type MadeUser, makeChannel, makeUser } from "../harness/builders.ts";
import { chat, post } from "../harness/chat.ts";
import type { Scene } from "../harness/platform.ts";

const MODEL = "gpt-4o-mini";

/** What is charged can be computed again by anybody, and months add up. */
export function reportSuite(scene: Scene): void {
  describe("reports", () => {
    let payer: MadeUser;
    let requestId = "";

    before(async () => {
      await makeChannel(scene, { name: "reported", models: [MODEL] });
      payer = await makeUser(scene, "reader", 1_000_000);
      const key = await keyOfUser(scene, payer);
      const body = chat(MODEL, "one two three cached=2 reasoning=3 words=4");
      ({ requestId } = await post(scene.platform(), { key, body }));
      await logRowOf(scene.platform(), requestId);
    });

    const asPayer = async (path: string): Promise<Response> => {
      const { adminUrl } = scene.platform();
      const login = await fetch(`${adminUrl}/api/user/login`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: adminUrl },
        body: JSON.stringify({ username: payer.username, password: payer.password }),
      });
      const cookie = (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "";
      return fetch(`${adminUrl}${path}`, { headers: { cookie } });
    };

    it("the explanation of a call computes its amount from units and prices, exactly", async () => {
      const { admin } = scene.platform();
      const row = await logRowOf(scene.platform(), requestId);
      const told = record(await admin.call("GET", `/api/log/${requestId}/explain`));
      assert.equal(told["matches"], true);
      assert.equal(told["cost_nano"], row["cost_nano"]);
      const sum = record(told["computation"]);
      const lines = records(sum["lines"]);
      assert.deepEqual(
        lines.map((line) => line["bucket"]),
        ["input", "cache_read", "output", "reasoning"],
      );
      const picos = lines.reduce(
        (total, line) => total + BigInt(String(line["units"])) * BigInt(String(line["price_pico"])),
        0n,
      );
      assert.equal(sum["sum_pico"], String(picos));
      const scaled = picos * BigInt(String(sum["group_ppm"])) * BigInt(String(sum["user_ppm"]));
      const nanos = (scaled + 10n ** 15n - 1n) / 10n ** 15n;
      assert.equal(told["cost_nano"], String(nanos));
      assert.ok("upstream_cost_nano" in told);
    });

    it("customers see their own calls explained, without what upstreams cost, and nobody else's", async () => {
      const own = record(await (await asPayer(`/api/log/${requestId}/explain`)).json());
      assert.equal(record(own["data"])["matches"], true);
      assert.ok(!("upstream_cost_nano" in record(own["data"])));
      const other = await post(scene.platform(), { body: chat(MODEL, "of root words=1") });
      await logRowOf(scene.platform(), other.requestId);
      const refused = record(await (await asPayer(`/api/log/${other.requestId}/explain`)).json());
      assert.equal(refused["success"], false);
    });

    it("a statement's lines lead from its opening to its closing balance, which is the balance", async () => {
      const { admin } = scene.platform();
      const month = new Date().toISOString().slice(0, 7);
      const told = record(
        await admin.call("GET", `/api/report/statement?user_id=${payer.id}&month=${month}`),
      );
      const lines = records(told["lines"]);
      const moved = lines.reduce((total, line) => total + BigInt(String(line["amount_nano"])), 0n);
      const closing = BigInt(String(told["closing_nano"]));
      assert.equal(closing - BigInt(String(told["opening_nano"])), moved);
      const user = record(await admin.call("GET", `/api/user/${payer.id}`));
      assert.equal(told["closing_nano"], user["balance_nano"]);
      const charge = lines.find((line) => line["kind"] === "charge");
      assert.deepEqual([charge?.["model"], charge?.["count"]], [MODEL, 1]);
      const csv = await asPayer(`/api/user/statement?month=${month}&format=csv`);
      assert.match(csv.headers.get("content-type") ?? "", /^text\/csv/u);
      assert.match(await csv.text(), new RegExp(`^closing,[^,]+,,,${closing},`, "mu"));
    });

    it("under the version that they were billed by, calls cost what they cost", async () => {
      const { admin } = scene.platform();
      const row = await logRowOf(scene.platform(), requestId);
      const now = Math.floor(Date.now() / 1000);
      const order = {
        from: now - 3600,
        to: now + 60,
        price_version: Number(record(row["price"])["version"]),
        user_id: payer.id,
      };
      const told = record(await admin.call("POST", "/api/report/re_rate", order));
      assert.equal(told["complete"], true);
      const total = record(told["total"]);
      assert.deepEqual(
        [total["calls"], total["billed_nano"], total["difference_nano"]],
        [1, row["cost_nano"], "0"],
      );
    });

    it("the checks of the books can be looked at, and know of nothing wrong", async () => {
      const { admin } = scene.platform();
      const told = record(await admin.call("GET", "/api/reconcile/"));
      assert.deepEqual([told["violation_count"], told["alarms"]], [0, []]);
    });
  });
}
