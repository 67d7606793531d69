import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, it } from "node:test";
import { OWNER, type PortalScene } from "./portal-scene.ts";
import { seen } from "./visit.ts";

const BUILT = join(import.meta.dirname, "../../../web/dist/browser");
const SCRIPT_BYTES_MAX = 110_000;

export function signInWalk(scene: () => PortalScene): void {
  describe("sign-in", () => {
    it("signing out ends the session, and protected pages ask to sign in", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/console");
      await page.getByRole("button", { name: /Account of /u }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).click();
      await page.waitForURL(/\/login$/u);
      await visit.go("/console/logs?range=all");
      await page.waitForURL(/\/login\?next=/u);
      await visit.shoot("login");
      assert.deepEqual(visit.faults(), []);
    });

    it("a wrong password is refused in words, and what was typed is kept", async () => {
      const { visit } = scene();
      const { page } = visit;
      await page.getByRole("textbox", { name: "Username or email" }).fill(OWNER.username);
      await page.getByLabel(/^Password/u).fill("not the password");
      await page.getByRole("button", { name: "Sign in" }).click();
      await seen(page.getByRole("alert"));
      await visit.shoot("login-refused");
      const name = await page.getByRole("textbox", { name: "Username or email" }).inputValue();
      assert.equal(name, OWNER.username);
      assert.deepEqual(visit.faults(), []);
    });

    it("the right password leads to the page that was asked for", async () => {
      const { visit } = scene();
      await visit.page.getByLabel(/^Password/u).fill(OWNER.password);
      await visit.page.keyboard.press("Enter");
      await visit.page.waitForURL(/\/console\/logs\?range=all$/u);
      await visit.settled();
      assert.deepEqual(visit.faults(), []);
    });

    it("a stranger's first page is light: at most 110 KB of scripts, gzipped", async () => {
      await using visit = await scene().stranger();
      const names: string[] = [];
      visit.page.on("request", (request) => {
        if (request.resourceType() === "script") {
          names.push(basename(new URL(request.url()).pathname));
        }
      });
      await visit.go("/login");
      assert.ok(names.length > 3, names.join());
      const bytes = names.map((name) => statSync(join(BUILT, `${name}.gz`)).size);
      const sum = bytes.reduce((total, size) => total + size, 0);
      assert.ok(sum <= SCRIPT_BYTES_MAX, `${sum} bytes: ${names.join(", ")}`);
      assert.deepEqual(visit.faults(), []);
    });
  });
}
