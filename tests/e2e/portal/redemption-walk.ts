import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import type { PortalScene } from "./portal-scene.ts";
import { gone, seen, textOf } from "./visit.ts";

const CODE = /^[0-9a-f]{32}$/u;

export function redemptionWalk(scene: () => PortalScene): void {
  describe("redemption codes", () => {
    let codes: readonly string[] = [];

    it("a batch is made, handed over to copy, and exported", async () => {
      const { visit } = scene();
      const { page } = visit;
      await visit.go("/admin/redemptions");
      await seen(page.getByRole("heading", { name: "Make the first redemption codes" }));
      await page.getByRole("button", { name: "New codes" }).first().click();
      const editor = page.getByRole("dialog", { name: "New codes" });
      await editor.getByRole("button", { name: "Create codes" }).click();
      await seen(editor.getByText("Enter an amount above zero."));
      await editor.getByLabel(/^Name/u).fill("spring sale");
      await editor.getByLabel("Amount in dollars").fill("1.50");
      await editor.getByLabel(/^How many/u).fill("3");
      await editor.getByRole("button", { name: "90 days" }).click();
      await visit.shoot("codes-editor");
      await editor.getByRole("button", { name: "Create codes" }).click();
      const handover = page.getByRole("dialog", { name: "3 codes made" });
      await handover.getByRole("button", { name: "Copy all" }).click();
      const copied = String(await page.evaluate("navigator.clipboard.readText()"));
      codes = copied.split("\n");
      assert.equal(codes.length, 3);
      assert.ok(codes.every((code) => CODE.test(code)));
      await visit.shoot("codes-made");
      const download = page.waitForEvent("download");
      await handover.getByRole("button", { name: "Export CSV" }).click();
      const file = await download;
      assert.equal(file.suggestedFilename(), "spring-sale.csv");
      const csv = readFileSync(await file.path(), "utf8");
      assert.deepEqual(csv.trim().split("\r\n"), [
        "name,code",
        ...codes.map((code) => `spring sale,${code}`),
      ]);
      await handover.getByRole("button", { name: "Close" }).last().click();
      await gone(handover);
      assert.equal(await page.getByRole("rowheader", { name: "spring sale" }).count(), 3);
      await visit.shoot("codes");
      assert.deepEqual(visit.faults(), []);
    });

    it("a code can be disabled, changed and deleted", async () => {
      const { visit } = scene();
      const { page } = visit;
      const rowOf = (code: string) => page.getByRole("row", { name: `…${code.slice(-4)}` });
      const choose = async (code: string, action: string): Promise<void> => {
        await rowOf(code).getByRole("button", { name: "Actions for spring sale" }).click();
        await page.getByRole("menuitem", { name: action }).click();
      };
      const [, second = "", third = ""] = codes;
      await choose(second, "Disable");
      await seen(rowOf(second).getByText("Disabled", { exact: true }));
      await choose(second, "Edit");
      const editor = page.getByRole("dialog", { name: "Edit code spring sale" });
      await editor.getByLabel("Amount in dollars").fill("2");
      await editor.getByRole("button", { name: "Save" }).click();
      await gone(editor);
      await seen(rowOf(second).getByText("2.00"));
      await choose(third, "Delete");
      const question = page.getByRole("dialog", { name: /Delete 1 code/u });
      await question.getByRole("button", { name: "Delete" }).click();
      await gone(rowOf(third));
      assert.deepEqual(visit.faults(), []);
    });

    it("a customer redeems what is good, is told about the rest, and sees it among the movements", async () => {
      const { visit } = scene();
      const { page } = visit;
      const [first = "", second = "", third = ""] = codes;
      await visit.go("/console/wallet");
      const card = page.getByRole("region", { name: "Redeem a code" });
      const box = card.getByLabel(/^Code/u);
      await box.fill(` ${first}\n${second} ${third}`);
      await card.getByRole("button", { name: "Redeem" }).click();
      await seen(card.getByText("$1.50 added."));
      await seen(card.getByText(/This redemption code has been disabled/u));
      await seen(card.getByText(/This redemption code is not valid/u));
      assert.equal(await box.inputValue(), `${second}\n${third}`);
      const row = page.getByRole("row", { name: /Redemption code/u });
      await textOf(row, /\$1\.50/u);
      await visit.shoot("wallet");
      await box.fill(first);
      await card.getByRole("button", { name: "Redeem" }).click();
      await seen(card.getByText(/This redemption code has been used/u));
      await visit.go("/admin/redemptions?status=3");
      await seen(page.getByRole("row", { name: /Used.*root/u }));
      assert.deepEqual(visit.faults(), []);
    });
  });
}
