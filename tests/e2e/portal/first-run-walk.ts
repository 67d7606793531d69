import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Locator } from "playwright-core";
import { record } from "../harness/admin-client.ts";
import { eventually } from "../harness/builders.ts";
import { OWNER, type PortalScene, startBlankServer } from "./portal-scene.ts";
import { openVisit, seen, textOf, type Visit } from "./visit.ts";

/** From the printed link to a streamed answer. */
export function firstRunWalk(scene: () => PortalScene): void {
  describe("first run", () => {
    it("every path leads to the wizard while nobody owns the server", async () => {
      await using visit = await scene().stranger();
      for (const path of ["/", "/login", "/admin/channels"]) {
        await visit.go(path);
        assert.equal(new URL(visit.page.url()).pathname, "/setup", path);
      }
      await seen(visit.page.getByLabel("Setup code"));
      assert.deepEqual(visit.faults(), []);
    });

    it("four clicks and two typed fields lead from the link to a streamed and billed answer", async () => {
      const { visit, portal, upstream } = scene();
      const { page } = visit;
      const hand = createHand();
      await page.goto(portal.setupLink);
      await seen(page.getByRole("heading", { name: "Make the first account" }));
      await visit.shoot("first-run-1-account");
      await hand.type(page.getByLabel(/^Password/u), OWNER.password);
      await hand.click(page.getByRole("button", { name: "Continue" }));
      const box = page.getByLabel("API key, .env snippet, or base URL and key");
      await hand.type(box, `${upstream.url}/v1 sk-upstream-of-the-wizard`);
      await seen(page.getByText(/OpenAI compatible works:/u));
      await visit.shoot("first-run-2-provider");
      await hand.click(page.getByRole("button", { name: "Create channel" }));
      await seen(page.getByRole("heading", { name: "Your key is ready" }));
      await visit.shoot("first-run-3-key");
      await hand.click(page.getByRole("button", { name: "Try it here" }));
      const callsBefore = upstream.books.calls().length;
      const before = await facts(visit);
      await hand.click(page.getByRole("button", { name: "Send" }));
      await seen(page.getByText(/^The gate counts every word that passes/u));
      const row = await textOf(page.getByText(/tokens in, \d+ out/u), /\$0\.0\d+/u);
      assert.match(row, /gpt-4o-mini: 5 tokens in, 12 out, \$0\.\d+, \d/u);
      await seen(page.getByText(/Done in \d+ s/u));
      await visit.shoot("first-run-4-answer");

      assert.ok(hand.clicks() <= 4, `${hand.clicks()} clicks`);
      assert.ok(hand.fields() <= 2, `${hand.fields()} fields`);
      const calls = upstream.books.calls().slice(callsBefore);
      assert.equal(calls.length, 1, "the relay called the provider once");
      assert.ok(calls[0]?.stream, "the call was streamed");
      await eventually("the balance has moved by what was used", async () => {
        const after = await facts(visit);
        const moved = before.quota - after.quota;
        // Both are whole units, rounded down: what is cut off from one shows in the other.
        return moved > 0 && (moved === after.used || moved === after.used + 1);
      });
      assert.deepEqual(visit.faults(), []);
    });

    it("the wizard ends in the console, where the call is listed", async () => {
      const { visit } = scene();
      await visit.page.getByRole("button", { name: "Go to the console" }).click();
      await visit.page.waitForURL(/\/console$/u);
      await visit.settled();
      await seen(visit.page.getByText("gpt-4o-mini"));
      await visit.shoot("console");
      assert.deepEqual(visit.faults(), []);
    });

    it("the link works once: a second visitor meets the sign-in page", async () => {
      await using visit = await scene().stranger();
      await visit.page.goto(scene().portal.setupLink);
      await visit.page.waitForURL(/\/login/u);
      assert.deepEqual(visit.faults(), []);
    });

    it("without any key, the demo channel needs four clicks and one typed field", async () => {
      await using server = await startBlankServer();
      await using visit = await openVisit(await scene().browser.newContext(), server.origin);
      const { page } = visit;
      const hand = createHand();
      await page.goto(server.setupLink);
      await hand.type(page.getByLabel(/^Password/u), OWNER.password);
      await hand.click(page.getByRole("button", { name: "Continue" }));
      await hand.click(page.getByRole("button", { name: "I have no key yet" }));
      await hand.click(page.getByRole("button", { name: "Try it here" }));
      await hand.click(page.getByRole("button", { name: "Send" }));
      await textOf(page.getByText(/demo-chat: /u), /\d+ tokens in, \d+ out/u);
      await visit.shoot("first-run-demo");
      assert.deepEqual([hand.clicks(), hand.fields()], [4, 1]);
      assert.deepEqual(visit.faults(), []);
    });
  });
}

/** Counts what a person has to do. Pasting into a field counts as typing it. */
function createHand() {
  let clicks = 0;
  let fields = 0;
  return {
    clicks: () => clicks,
    fields: () => fields,
    async click(target: Locator): Promise<void> {
      clicks += 1;
      await target.click();
    },
    async type(target: Locator, text: string): Promise<void> {
      fields += 1;
      await target.fill(text);
    },
  };
}

/** The signed-in user's balance and spending in quota units. */
async function facts({ page, origin }: Visit): Promise<{ quota: number; used: number }> {
  const answer = await page.request.get(`${origin}/api/user/self`);
  const user = record(record(await answer.json())["data"]);
  return { quota: Number(user["quota"]), used: Number(user["used_quota"]) };
}
