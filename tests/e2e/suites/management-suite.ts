import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { record, records } from "../harness/admin-client.ts";
import { eventually, makeChannel, makeKey, makeUser } from "../harness/builders.ts";
import type { Scene } from "../harness/platform.ts";

/** One API's management wire, as its front ends and scripts use it. */
export function managementSuite(scene: Scene): void {
  describe("management", () => {
    const admin = () => scene.platform().admin;

    it("status is public and says what a front end needs", async () => {
      const response = await fetch(`${scene.platform().adminUrl}/api/status`);
      const data = record(record(await response.json())["data"]);
      assert.equal(data["quota_per_unit"], 500_000);
      assert.equal(data["setup_required"], false);
      assert.equal(typeof data["system_name"], "string");
    });

    it("nothing is answered without a session or access token", async () => {
      for (const path of ["/api/user/self", "/api/channel/", "/api/option/", "/api/token/"]) {
        const response = await fetch(`${scene.platform().adminUrl}${path}`);
        assert.equal(response.status, 401, path);
      }
    });

    it("paths answer with and without a trailing slash", async () => {
      for (const path of ["/api/channel", "/api/channel/", "/api/token", "/api/user/"]) {
        await admin().call("GET", `${path}?p=0`);
      }
    });

    it("root signs in with a cookie, and a foreign origin cannot use it", async () => {
      const { adminUrl, rootPassword } = scene.platform();
      const login = await fetch(`${adminUrl}/api/user/login`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: adminUrl },
        body: JSON.stringify({ username: "root", password: rootPassword }),
      });
      const cookie = login.headers.get("set-cookie") ?? "";
      assert.match(cookie, /^session=/u);
      assert.match(cookie, /HttpOnly/iu);
      assert.match(cookie, /SameSite=Lax/iu);
      const session = cookie.split(";")[0] ?? "";
      const self = await fetch(`${adminUrl}/api/user/self`, { headers: { cookie: session } });
      const user = record(record(await self.json())["data"]);
      assert.equal(user["role"], 100);
      assert.ok(!("password" in user) || user["password"] === "");
      const foreign = await fetch(`${adminUrl}/api/token/`, {
        method: "POST",
        headers: {
          cookie: session,
          origin: "http://evil.example",
          "sec-fetch-site": "cross-site",
          "content-type": "application/json",
        },
        body: JSON.stringify({ name: "stolen" }),
      });
      assert.equal(foreign.status, 403);
    });

    it("a wrong password says not which half was wrong", async () => {
      const { adminUrl } = scene.platform();
      const messages = await Promise.all(
        ["root", "nobody"].map(async (username) => {
          const response = await fetch(`${adminUrl}/api/user/login`, {
            method: "POST",
            headers: { "content-type": "application/json", origin: adminUrl },
            body: JSON.stringify({ username, password: "not the password" }),
          });
          return record(await response.json())["message"];
        }),
      );
      assert.equal(messages[0], messages[1]);
    });

    it("many keys make many channels, and no answer holds a credential", async () => {
      await admin().call("POST", "/api/channel/", {
        type: 1,
        name: "many",
        key: "canary-key-1\ncanary-key-2\n\ncanary-key-3",
        base_url: scene.upstream().url,
        models: "many-model",
        group: "default",
      });
      const list = await admin().raw("GET", "/api/channel/?p=0&page_size=50&keyword=many&sort=id");
      assert.equal(records(list.data).length, 3);
      assert.equal(list.total, 3);
      assert.ok(!JSON.stringify(list).includes("canary-key"), "credentials are write-only");
    });

    it("channels are edited in part, batched, filtered, sorted and deleted", async () => {
      const ids = await Promise.all(
        ["edit-a", "edit-b"].map((name) => makeChannel(scene, { name, models: ["edit-model"] })),
      );
      await admin().call("PUT", "/api/channel/", { id: ids[0], name: "edit-a2", priority: 7 });
      const edited = record(await admin().call("GET", `/api/channel/${ids[0]}`));
      assert.equal(edited["name"], "edit-a2");
      assert.equal(edited["priority"], 7);
      assert.equal(edited["models"], "edit-model");
      await admin().call("POST", "/api/channel/batch", { ids, action: "disable" });
      const disabled = records(
        await admin().call("GET", "/api/channel/?p=0&page_size=50&status=2&model=edit-model"),
      );
      assert.equal(disabled.length, 2);
      const sorted = records(
        await admin().call(
          "GET",
          "/api/channel/?p=0&page_size=50&keyword=edit-&sort=priority&direction=desc",
        ),
      );
      assert.equal(sorted[0]?.["name"], "edit-a2");
      for (const id of ids) {
        await admin().call("DELETE", `/api/channel/${id}/`);
      }
    });

    it("a channel is tested, its models fetched, its balance read", async () => {
      const id = await makeChannel(scene, { name: "probe", models: ["gpt-4o-mini"] });
      const test = await admin().raw("GET", `/api/channel/test/${id}?model=gpt-4o-mini`);
      assert.ok(test.success, test.message);
      const models = await admin().call("GET", `/api/channel/fetch_models/${id}`);
      assert.deepEqual(models, ["claude-3-5-haiku", "gpt-4o", "gpt-4o-mini"]);
      const balance = await admin().raw("GET", `/api/channel/update_balance/${id}`);
      assert.ok(balance.success, balance.message);
      const channel = record(await admin().call("GET", `/api/channel/${id}`));
      assert.equal(channel["balance"], 99.9975);
      assert.ok(Number(channel["test_time"]) > 0);
    });

    it("balances of DeepSeek and SiliconFlow are read", async () => {
      for (const [type, expected] of [
        [36, 110],
        [44, 88],
      ] as const) {
        const id = await makeChannel(scene, { name: `balance-${type}`, type, models: ["balance"] });
        await admin().raw("GET", `/api/channel/update_balance/${id}`);
        assert.equal(record(await admin().call("GET", `/api/channel/${id}`))["balance"], expected);
      }
    });

    it("testing all channels runs as a job to its end", async () => {
      const job = record(await admin().call("GET", "/api/channel/test?scope=all"));
      const id = String(job["job_id"]);
      await eventually("the job is done", async () => {
        const now = record(await admin().call("GET", `/api/job/${id}`));
        return now["status"] === "done" && Number(now["done"]) === Number(now["total"]);
      });
    });

    it("keys are made, listed for their owner, changed and deleted", async () => {
      const key = await makeKey(scene, { name: "life", models: ["gpt-4o-mini"], capUnits: 500 });
      const token = record(await admin().call("GET", `/api/token/${key.id}`));
      assert.equal(token["remain_quota"], 500);
      assert.equal(token["models"], "gpt-4o-mini");
      await admin().call("PUT", "/api/token/", {
        ...token,
        name: "life-2",
        remain_quota: 700,
        models: "",
      });
      const changed = record(await admin().call("GET", `/api/token/${key.id}`));
      assert.equal(changed["name"], "life-2");
      assert.equal(changed["remain_quota"], 700);
      await admin().call("DELETE", `/api/token/${key.id}`);
      assert.equal((await admin().raw("GET", `/api/token/${key.id}`)).success, false);
    });

    it("a common user sees only what is theirs", async () => {
      const { adminUrl } = scene.platform();
      const rootKey = await makeKey(scene, { name: "roots-own" });
      const user = await makeUser(scene, "nosy-user", 0);
      const login = await fetch(`${adminUrl}/api/user/login`, {
        method: "POST",
        headers: { "content-type": "application/json", origin: adminUrl },
        body: JSON.stringify({ username: user.username, password: user.password }),
      });
      const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
      for (const path of [
        `/api/token/${rootKey.id}`,
        "/api/channel/",
        "/api/user/",
        "/api/option/",
      ]) {
        const response = await fetch(`${adminUrl}${path}`, { headers: { cookie } });
        assert.equal(record(await response.json())["success"], false, path);
      }
    });

    it("options are listed without secrets, checked, and in force at once", async () => {
      const options = records(await admin().call("GET", "/api/option/"));
      const ratio = options.find((option) => option["key"] === "ModelRatio");
      assert.ok(record(JSON.parse(String(ratio?.["value"])))["gpt-4o-mini"] === 0.075);
      const bad = await admin().raw("PUT", "/api/option/", { key: "ModelRatio", value: "{oops" });
      assert.equal(bad.success, false);
      await admin().call("PUT", "/api/option/", { key: "SystemName", value: "My Gate" });
      const status = await fetch(`${scene.platform().adminUrl}/api/status`);
      assert.equal(record(record(await status.json())["data"])["system_name"], "My Gate");
    });

    it("groups and models are named", async () => {
      const groups = await admin().call("GET", "/api/group/");
      assert.ok(Array.isArray(groups) && groups.includes("default") && groups.includes("svip"));
      const models = record(await admin().call("GET", "/api/models"));
      assert.ok(Array.isArray(models["14"]));
      const mine = await admin().call("GET", "/api/user/available_models");
      assert.ok(Array.isArray(mine));
    });

    it("a top-up moves the balance and is on the log", async () => {
      const user = await makeUser(scene, "topped-up", 0);
      await admin().call("POST", "/api/topup", { user_id: user.id, quota: 12_345, remark: "cash" });
      const after = record(await admin().call("GET", `/api/user/${user.id}`));
      assert.equal(after["quota"], 12_345);
      const rows = records(
        await admin().call("GET", `/api/log/?p=0&page_size=10&type=1&username=topped-up`),
      );
      assert.equal(rows.length, 1);
    });

    it("unknown paths below /api are JSON, not the portal", async () => {
      const response = await fetch(`${scene.platform().adminUrl}/api/no/such`);
      assert.equal(response.status, 404);
      assert.equal(record(record(await response.json())["error"])["type"], "invalid_request_error");
    });

    it("health and readiness are told apart", async () => {
      const { adminUrl, relayUrl } = scene.platform();
      for (const url of [adminUrl, relayUrl]) {
        assert.equal((await fetch(`${url}/healthz`)).status, 200);
        assert.equal((await fetch(`${url}/readyz`)).status, 200);
      }
    });
  });
}
