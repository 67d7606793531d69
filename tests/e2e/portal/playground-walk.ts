import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { PortalScene } from "./portal-scene.ts";
import { seen } from "./visit.ts";

export function playgroundWalk(scene: () => PortalScene): void {
  describe("playground", () => {
    it("streams an answer in, with its figures and its cost", async () => {
      const { visit, upstream } = scene();
      const { page } = visit;
      await visit.go("/console/playground");
      const model = page.getByRole("combobox", { name: "Model" });
      await model.fill("gpt-4o");
      await model.press("Tab");
      const message = page.getByRole("textbox", { name: "Message" });
      await message.pressSequentially("tell words=40 please");
      const before = upstream.books.calls().length;
      await page.keyboard.press("Enter");
      const log = page.getByRole("log", { name: "Conversation" });
      await seen(log.getByText(/The gate counts .* The gate counts .* The gate counts/u));
      await seen(page.getByText("3 → 40"));
      await seen(page.getByText(/^\$0\.000\d+$/u));
      assert.equal(await message.inputValue(), "", "the box is ready for the next message");
      const call = upstream.books.calls()[before];
      assert.deepEqual([call?.model, call?.stream], ["gpt-4o", true]);
      await visit.shoot("playground");
      assert.deepEqual(visit.faults(), []);
    });

    it("shows an upstream's refusal in words and goes on working", async () => {
      const { visit } = scene();
      const { page } = visit;
      await page.getByRole("button", { name: "Clear" }).click();
      const model = page.getByRole("combobox", { name: "Model" });
      await model.fill("no-such-model");
      await model.press("Tab");
      await page.getByRole("textbox", { name: "Message" }).fill("anybody there?");
      await page.getByRole("button", { name: "Send" }).click();
      await seen(page.getByRole("alert").getByText(/no-such-model/u));
      await visit.shoot("playground-refused");
      // Chromium itself writes one line about every refused request.
      assert.equal(visit.forgive(/v1\/chat\/completions/u) > 0, true);
      await model.fill("gpt-4o-mini");
      await model.press("Tab");
      await page.getByRole("button", { name: "Regenerate" }).click();
      await seen(page.getByText("2 → 12"));
      assert.deepEqual(visit.faults(), []);
    });
  });
}
