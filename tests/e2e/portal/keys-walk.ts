import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventually } from "../harness/builders.ts";
import type { PortalScene } from "./portal-scene.ts";
import { gone, seen } from "./visit.ts";

export function keysWalk(scene: () => PortalScene): void {
  describe("API keys", () => {
    it("a new key is handed over to copy, and the first call with it is announced", async () => {
      const { visit, portal } = scene();
      const { page } = visit;
      await visit.go("/console/tokens");
      await page.getByRole("button", { name: "New API key" }).click();
      const editor = page.getByRole("dialog", { name: "New API key" });
      await editor.getByLabel(/^Name/u).fill("walker");
      await editor.getByLabel("Unlimited: use my balance").uncheck();
      await editor.getByLabel("Amount in dollars").fill("2.50");
      await seen(editor.getByText("$2.50 = 1,250,000 units"));
      await visit.shoot("key-editor");
      await editor.getByRole("button", { name: "Create key" }).click();
      const handover = page.getByRole("dialog", { name: "Use key walker" });
      await seen(handover.getByText("Copy it now: it may not be shown again."));
      await handover.getByRole("button", { name: /^Copy sk-/u }).click();
      const copied = String(await page.evaluate("navigator.clipboard.readText()"));
      assert.match(copied, /^sk-[A-Za-z0-9]{20,}$/u);
      await visit.shoot("key-created");

      const reply = await fetch(`${portal.origin}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${copied}`, "content-type": "application/json" },
        body: JSON.stringify({
          model: "gpt-4o-mini",
          messages: [{ role: "user", content: "hello from outside" }],
        }),
        signal: AbortSignal.timeout(10_000),
      });
      assert.equal(reply.status, 200, await reply.text());
      await seen(handover.getByText(/First call: gpt-4o-mini/u));
      await handover.getByRole("button", { name: "I stored it" }).click();
      await gone(handover);
      await seen(page.getByRole("rowheader", { name: "walker" }));
      await visit.shoot("keys");
      assert.deepEqual(visit.faults(), []);
    });

    it("a key can be disabled and deleted after a question", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/console/tokens");
      const row = page.getByRole("row", { name: /walker/u });
      const menu = row.getByRole("button", { name: "Actions for walker" });
      await menu.click();
      await visit.shoot("key-menu");
      await page.getByRole("menuitem", { name: "Disable" }).click();
      await seen(row.getByText("Disabled", { exact: true }));
      await eventually("the server knows", async () => {
        await page.reload();
        await visit.settled();
        return row.getByText("Disabled", { exact: true }).isVisible();
      });
      await menu.click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      const question = page.getByRole("dialog", { name: /Delete 1 key/u });
      await seen(question.getByText(/walker/u));
      await visit.shoot("key-delete");
      await question.getByRole("button", { name: "Cancel" }).click();
      await gone(question);
      await seen(row);
      await menu.click();
      await page.getByRole("menuitem", { name: "Delete" }).click();
      await question.getByRole("button", { name: "Delete" }).click();
      await gone(row);
      assert.deepEqual(visit.faults(), []);
    });
  });
}
