import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { eventually } from "../harness/builders.ts";
import type { PortalScene } from "./portal-scene.ts";
import { seen } from "./visit.ts";

/** The dark canvas of the design. */
const DARK = "rgb(15, 17, 21)";

export function appearanceWalk(scene: () => PortalScene): void {
  describe("appearance", () => {
    it("简体中文 is in force at once and after a reload", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/admin/channels");
      await page.getByRole("button", { name: "Language" }).click();
      await page.getByRole("menuitemradio", { name: "简体中文" }).click();
      await seen(page.getByRole("heading", { level: 1, name: "渠道" }));
      assert.equal(await rootAttribute(page, "lang"), "zh-CN");
      assert.match(await page.title(), /^渠道/u);
      await page.reload();
      await visit.settled();
      await seen(page.getByRole("heading", { level: 1, name: "渠道" }));
      await visit.shoot("channels-chinese");
      assert.deepEqual(visit.faults(), []);
    });

    it("what the server wrote into the log is told in the language in use", async () => {
      const { visit } = scene();
      const { page } = visit;
      const written: string[] = [];
      for (const type of [1, 3, 4, 5]) {
        await visit.go(`/admin/logs?range=all&type=${type}`);
        written.push(...(await page.locator("tbody td .muted").allTextContents()));
        await visit.shoot(`log-sentences-${type}`);
      }
      await visit.go("/console/wallet");
      written.push(...(await page.locator("tbody td:last-child").allTextContents()));
      const foreign = written.filter((text) => !/\p{Script=Han}|^\s*–?\s*$/u.test(text));
      // Operators' own remarks are theirs to word.
      const own = ["a gift for the walk", "for the walk"];
      assert.deepEqual(new Set(foreign.map((text) => text.trim())), new Set(own));
      assert.ok(written.length > 8, written.join("\n"));
      await visit.go("/admin/channels");
      assert.deepEqual(visit.faults(), []);
    });

    it("the dark theme is in force at once and after a reload", async () => {
      const { visit } = scene();
      const { page } = visit;
      await page.getByRole("button", { name: "主题" }).click();
      await page.getByRole("menuitemradio", { name: "深色" }).click();
      await eventually("the page is dark", async () => (await background(page)) === DARK);
      await page.reload();
      await visit.settled();
      assert.equal(await background(page), DARK);
      await visit.shoot("channels-chinese-dark");
      await page.getByRole("button", { name: "语言" }).click();
      await page.getByRole("menuitemradio", { name: "English" }).click();
      await seen(page.getByRole("heading", { level: 1, name: "Channels" }));
      await visit.shoot("channels-dark");
      assert.deepEqual(visit.faults(), []);
    });
  });
}

async function rootAttribute(page: Page, name: string): Promise<unknown> {
  return page.evaluate(`document.documentElement.getAttribute(${JSON.stringify(name)})`);
}

async function background(page: Page): Promise<unknown> {
  return page.evaluate("getComputedStyle(document.body).backgroundColor");
}
