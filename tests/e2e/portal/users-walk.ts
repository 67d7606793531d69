import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PortalScene } from "./portal-scene.ts";
import { gone, seen } from "./visit.ts";

const GUEST = { username: "guest", password: "a guest of the house" } as const;

export function usersWalk(scene: () => PortalScene): void {
  describe("users", () => {
    it("root makes a user", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/admin/users");
      await page.getByRole("button", { name: "New user" }).click();
      const editor = page.getByRole("dialog", { name: "New user" });
      await editor.getByLabel(/^Username/u).fill(GUEST.username);
      await editor.getByLabel(/^Password/u).fill(GUEST.password);
      await visit.shoot("user-editor");
      await editor.getByRole("button", { name: "Save" }).click();
      await gone(editor);
      await seen(page.getByRole("rowheader", { name: GUEST.username }));
      assert.deepEqual(visit.faults(), []);
    });

    it("an adjustment wants a reason, shows before and after, and moves the balance", async () => {
      const { visit } = scene();
      const { page } = visit;
      const row = page.getByRole("row", { name: /guest/u });
      await row.getByRole("button", { name: "Actions for guest" }).click();
      await page.getByRole("menuitem", { name: "Adjust quota" }).click();
      const drawer = page.getByRole("dialog", { name: "Adjust the quota of guest" });
      await drawer.getByLabel("Amount in dollars").fill("12.5");
      await drawer.getByRole("button", { name: "Adjust", exact: true }).click();
      await seen(drawer.getByText("Say why; the ledger keeps it."));
      await drawer.getByLabel(/^Reason/u).fill("a gift for the walk");
      await seen(drawer.getByText("$12.50", { exact: true }));
      await visit.shoot("user-adjust");
      await drawer.getByRole("button", { name: "Adjust", exact: true }).click();
      await gone(drawer);
      await seen(row.getByText("12.50"));
      await visit.shoot("users");
      assert.deepEqual(visit.faults(), []);
    });

    it("the new user sees the console only, with the balance and no word about other people", async () => {
      await using visit = await scene().stranger();
      const { page } = visit;
      await visit.go("/login");
      await page.getByRole("textbox", { name: "Username or email" }).fill(GUEST.username);
      await page.getByLabel(/^Password/u).fill(GUEST.password);
      await page.keyboard.press("Enter");
      await page.waitForURL(/\/console$/u);
      await visit.settled();
      await seen(page.getByText("$12.50"));
      const menu = page.getByRole("navigation", { name: "Main" });
      assert.equal(await menu.getByRole("link", { name: "Channels" }).count(), 0);
      await visit.shoot("console-of-a-new-user");
      await visit.go("/admin/channels");
      await seen(page.getByRole("heading", { name: "This page is not open to you" }));
      await visit.shoot("forbidden");
      assert.deepEqual(visit.faults(), []);
    });
  });
}
