import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PortalScene } from "./portal-scene.ts";
import { gone, seen } from "./visit.ts";

export function settingsWalk(scene: () => PortalScene): void {
  describe("settings", () => {
    it("a new SystemName is saved once and seen in the menu, on the tab and by strangers", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/admin/settings");
      await page.getByRole("searchbox", { name: "Search all settings" }).fill("SystemName");
      await page.getByRole("textbox", { name: /^SystemName/u }).fill("Bridge of Tolls");
      const bar = page.getByRole("region", { name: "changed" });
      await seen(bar.getByText("Not saved: SystemName"));
      await visit.shoot("settings-changed");
      await bar.getByRole("button", { name: "Save" }).click();
      await gone(bar);
      const brand = page.getByRole("navigation", { name: "Main" }).getByText("Bridge of Tolls");
      await seen(brand);
      assert.match(await page.title(), /Bridge of Tolls$/u);
      await page.reload();
      await visit.settled();
      await seen(brand);
      await visit.shoot("settings");

      await using stranger = await scene().stranger();
      await stranger.go("/login");
      await seen(stranger.page.getByText("Bridge of Tolls"));
      assert.deepEqual([...visit.faults(), ...stranger.faults()], []);
    });
  });
}
