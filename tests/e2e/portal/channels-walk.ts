import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { eventually } from "../harness/builders.ts";
import type { PortalScene } from "./portal-scene.ts";
import { gone, seen, type Visit } from "./visit.ts";

export function channelsWalk(scene: () => PortalScene): void {
  describe("channels", () => {
    it("one form with two keys makes two channels", async () => {
      const { visit, upstream } = scene();
      const { page } = visit;
      await visit.go("/admin/channels");
      await page.getByRole("button", { name: "New channel" }).click();
      const editor = page.getByRole("dialog", { name: "New channel" });
      await editor.getByRole("textbox", { name: "Name", exact: true }).fill("twins");
      await editor.getByLabel(/^Key/u).fill("sk-first-of-the-twins\nsk-second-of-the-twins");
      await seen(editor.getByText("2 keys make 2 channels"));
      await editor.getByLabel(/^Base URL/u).fill(upstream.url);
      await editor.getByRole("button", { name: "Fetch from provider" }).click();
      await editor.getByRole("button", { name: "Use exactly these" }).click();
      await seen(editor.getByRole("button", { name: "Remove gpt-4o-mini" }));
      await editor.getByLabel(/^Priority/u).fill("7");
      await visit.shoot("channel-editor");
      await editor.getByRole("button", { name: "Create channel" }).click();
      await gone(editor);
      await eventually("both channels are listed", async () => {
        const names = await rowNames(page);
        return names.filter((name) => name.startsWith("twins")).length === 2;
      });
      await visit.shoot("channels");
      assert.deepEqual(visit.faults(), []);
    });

    it("a refused form says what is missing, and nothing is sent", async () => {
      const { visit } = scene();
      const { page } = visit;
      await page.getByRole("button", { name: "New channel" }).click();
      const editor = page.getByRole("dialog", { name: "New channel" });
      await editor.getByRole("button", { name: "Create channel" }).click();
      await seen(editor.getByRole("alert"));
      await visit.shoot("channel-editor-refused");
      await page.keyboard.press("Escape");
      const question = page.getByRole("dialog", { name: "Discard changes?" });
      if (await question.isVisible()) {
        await question.getByRole("button", { name: "Discard" }).click();
      }
      await gone(editor);
      assert.deepEqual(visit.faults(), []);
    });

    it("a test calls the provider and says how long it took", async () => {
      const { visit, upstream } = scene();
      const { page } = visit;
      const before = upstream.books.calls().length;
      await page
        .getByRole("button", { name: /^Test channel twins/u })
        .first()
        .click();
      const drawer = page.getByRole("dialog", { name: /^Test channel twins/u });
      await drawer.getByRole("button", { name: "Test gpt-4o-mini" }).click();
      await seen(drawer.getByRole("row", { name: /gpt-4o-mini Works \d+ ms/u }));
      await visit.shoot("channel-test");
      assert.equal(upstream.books.calls().length, before + 1);
      await page.keyboard.press("Escape");
      await gone(drawer);
      assert.deepEqual(visit.faults(), []);
    });

    it("disabling shows at once, can be undone, and stays after a reload", async () => {
      const { visit } = scene();
      const { page } = visit;
      const row = page.getByRole("row", { name: /twins/u }).first();
      const disable = async (): Promise<void> => {
        await row.getByRole("button", { name: /^Actions for twins/u }).click();
        await page.getByRole("menuitem", { name: "Disable" }).click();
        await seen(row.getByText("Disabled", { exact: true }));
      };
      await disable();
      await page.getByRole("button", { name: "Undo" }).click();
      await seen(row.getByText("Enabled", { exact: true }));
      await disable();
      await eventually("the server knows", async () => {
        await page.reload();
        await visit.settled();
        return row.getByText("Disabled", { exact: true }).isVisible();
      });
      assert.deepEqual(visit.faults(), []);
    });

    it("filters, search and sort live in the URL and survive a reload and Back", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/admin/channels");
      await page.getByRole("combobox", { name: "Status" }).selectOption({ label: "Disabled" });
      await page.waitForURL(/status=2/u);
      await eventually("one row is left", async () => (await rowNames(page)).length === 1);
      await page.getByRole("combobox", { name: "Status" }).selectOption({ index: 0 });
      await page.getByRole("searchbox").fill("twins");
      await page.waitForURL(/q=twins/u);
      await sortBy(page, "Priority");
      await page.waitForURL(/sort=priority/u);
      await eventually("two rows are left", async () => (await rowNames(page)).length === 2);
      const { url, names } = await stateOf(visit);
      await page.reload();
      await visit.settled();
      await eventually("the same rows are back", async () => {
        const now = await stateOf(visit);
        return now.url === url && now.names.join() === names.join();
      });
      assert.equal(await page.getByRole("searchbox").inputValue(), "twins");
      const header = page.getByRole("columnheader", { name: "Priority" });
      assert.equal(await header.getAttribute("aria-sort"), "descending");
      await visit.shoot("channels-filtered");
      await page.getByRole("rowheader", { name: "twins" }).first().click();
      await seen(page.getByRole("dialog", { name: /^Edit channel twins/u }));
      await page.goBack();
      await gone(page.getByRole("dialog"));
      assert.equal(page.url(), url);
      assert.deepEqual(visit.faults(), []);
    });

    it("sorting is done by the server: descending first, then ascending", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/admin/channels");
      await sortBy(page, "Name");
      await eventually("names descend", async () => isSorted(await rowNames(page), -1));
      await sortBy(page, "Name");
      await eventually("names ascend", async () => isSorted(await rowNames(page), 1));
      await page.waitForURL(/sort=name&dir=asc/u);
      assert.deepEqual(visit.faults(), []);
    });
  });
}

async function sortBy(page: Page, column: string): Promise<void> {
  await page.getByRole("columnheader", { name: column }).getByRole("button").click();
}

async function rowNames(page: Page): Promise<readonly string[]> {
  const names = await page.getByRole("rowheader").allTextContents();
  return names.map((name) => name.trim());
}

async function stateOf({ page }: Visit) {
  return { url: page.url(), names: await rowNames(page) };
}

function isSorted(names: readonly string[], direction: 1 | -1): boolean {
  return names.every((name, index) => {
    const next = names[index + 1];
    return next === undefined || Math.sign(next.localeCompare(name)) !== -direction;
  });
}
