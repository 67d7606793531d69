import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { eventually } from "../harness/builders.ts";
import type { PortalScene } from "./portal-scene.ts";
import { gone, seen, textOf } from "./visit.ts";

/** A model whose tokens only its provider can count; the channel made for it says nothing about them. */
const UNCOUNTED = "claude-3-opus-20240229";

export function logsWalk(scene: () => PortalScene): void {
  describe("logs", () => {
    it("every call has a row with its tokens and its price", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/admin/logs");
      const row = page.getByRole("row", { name: /walker/u }).first();
      const text = await textOf(row, /gpt-4o-mini/u);
      assert.match(text, /OK/u);
      assert.match(text, /\$?0\.\d{4,}/u, "a price");
      const cells = await row.getByRole("cell").allTextContents();
      const numbers = cells.map((cell) => cell.trim());
      assert.ok(numbers.includes("3"), `tokens in: ${numbers.join(" | ")}`);
      assert.ok(numbers.includes("12"), `tokens out: ${numbers.join(" | ")}`);
      await visit.shoot("logs");
      assert.deepEqual(visit.faults(), []);
    });

    it("a row opens a drawer with the price of every part; the URL keeps it open", async () => {
      const { visit } = scene();
      const { page } = visit;
      const row = page.getByRole("row", { name: /walker/u }).first();
      await row.getByRole("cell").nth(1).click();
      const drawer = page.getByRole("dialog");
      await seen(drawer.getByRole("table", { name: "Cost" }));
      await seen(drawer.getByRole("row", { name: /Input 3 \$0\.15/u }));
      await seen(drawer.getByRole("row", { name: /Output 12 \$0\.6/u }));
      await seen(drawer.getByRole("row", { name: /Charged \d+ units \$0\.\d+/u }));
      await visit.shoot("log-drawer");
      await drawer.getByText("Explain this charge").click();
      await seen(drawer.getByText("Computed again: the same amount"));
      await seen(drawer.getByRole("row", { name: /Input 3 \$0\.15 \/ 1M \$0\.00000045/u }));
      await seen(drawer.getByRole("row", { name: /Amount \$0\.0000\d+/u }));
      await visit.shoot("log-drawer-explained");
      await page.reload();
      await visit.settled();
      await seen(drawer.getByRole("table", { name: "Cost" }));
      await page.keyboard.press("j");
      await page.keyboard.press("Escape");
      await gone(drawer);
      assert.ok(!page.url().includes("id="));
      assert.deepEqual(visit.faults(), []);
    });

    it("tokens that nobody counted are marked as an estimate, and the basis is told in words", async () => {
      const { visit, upstream } = scene();
      const { page } = visit;
      await visit.go("/admin/channels?id=new");
      const editor = page.getByRole("dialog", { name: "New channel" });
      await editor.getByRole("textbox", { name: "Name", exact: true }).fill("tight-lipped");
      await editor.getByLabel(/^Key/u).fill("sk-tight-lipped");
      await editor.getByLabel(/^Base URL/u).fill(`${upstream.url}/b/no-usage`);
      await editor.getByRole("combobox", { name: "Models" }).fill(UNCOUNTED);
      await page.keyboard.press("Enter");
      await editor.getByLabel("During a stream").selectOption({ label: "Read to the end" });
      await seen(editor.getByText(/full usage; reading on takes at most 5 minutes/u));
      await editor.getByLabel("During a stream").scrollIntoViewIfNeeded();
      await visit.shoot("channel-leaving");
      await editor.getByRole("button", { name: "Create channel" }).click();
      await gone(editor);
      await page.getByRole("rowheader", { name: "tight-lipped" }).click();
      const stored = page.getByRole("dialog", { name: "Edit channel tight-lipped" });
      await seen(stored.getByText(/full usage; reading on takes at most 5 minutes/u));
      await page.keyboard.press("Escape");
      await gone(stored);
      // A test waits until the relay has heard of the new channel; a call does not.
      await page.getByRole("button", { name: "Test channel tight-lipped" }).click();
      const tests = page.getByRole("dialog", { name: "Test channel tight-lipped" });
      await tests.getByRole("button", { name: `Test ${UNCOUNTED}` }).click();
      await seen(tests.getByRole("row", { name: /Works \d+ ms/u }));

      await visit.go("/console/playground");
      const model = page.getByRole("combobox", { name: "Model" });
      await model.fill(UNCOUNTED);
      await model.press("Tab");
      await page.getByLabel("Stream the answer").uncheck();
      await page.getByRole("textbox", { name: "Message" }).fill("words=8 that nobody counts");
      await page.getByRole("button", { name: "Send" }).click();
      await seen(page.getByRole("log", { name: "Conversation" }).getByText(/^The gate counts/u));
      const row = page.getByRole("row", { name: new RegExp(`default ${UNCOUNTED}`, "u") });
      await eventually("the call is in the log", async () => {
        await visit.go("/admin/logs");
        return (await row.count()) > 0;
      });
      await seen(row.getByRole("cell", { name: /^≈ \d+$/u }));
      await row.getByRole("cell").nth(1).click();
      const drawer = page.getByRole("dialog");
      await seen(drawer.getByText("Estimated", { exact: true }));
      await seen(drawer.getByText(/^The provider reported no usage/u));
      await visit.shoot("log-drawer-estimated");
      await page.keyboard.press("Escape");
      await gone(drawer);
      assert.deepEqual(visit.faults(), []);
    });

    it("live rows arrive by themselves while a call is made", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/console/logs");
      await page.getByRole("button", { name: "Live" }).click();
      const other = await page.context().newPage();
      await other.goto(`${visit.origin}/console/playground`);
      await other.getByRole("textbox", { name: "Message" }).fill("words=4 for the live log");
      await other.getByRole("button", { name: "Send" }).click();
      const row = page.getByRole("row").nth(1);
      await seen(row.getByRole("cell", { name: "4", exact: true }));
      await other.close();
      await visit.shoot("logs-live");
      assert.deepEqual(visit.faults(), []);
    });
  });
}
