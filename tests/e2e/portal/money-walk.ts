import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Page } from "playwright-core";
import { record, records } from "../harness/admin-client.ts";
import { tellPayment } from "../harness/payment-event.ts";
import { PAYMENT_SECRET } from "../harness/platform.ts";
import { auditLooks } from "./accessibility-walk.ts";
import type { PortalScene } from "./portal-scene.ts";
import { gone, seen, textOf, type Visit } from "./visit.ts";

/** What an operator does with money: give it back, give it up, and look whether the books hold. */
export function moneyWalk(scene: () => PortalScene): void {
  describe("money", () => {
    refunds(scene);
    debts(scene);
    holds(scene);
    checks(scene);
  });
}

function refunds(scene: () => PortalScene): void {
  it("a call is refunded in part, with a reason; what was given back and what is left is shown", async () => {
    const { visit } = scene();
    const { page } = visit;
    await visit.go("/admin/logs?type=2");
    await page
      .getByRole("row", { name: /walker/u })
      .first()
      .getByRole("cell")
      .nth(1)
      .click();
    const drawer = page.getByRole("dialog");
    await drawer.getByText("Refund this call").click();
    const amount = drawer.getByLabel("Amount in dollars");
    const left = await amount.inputValue();
    assert.match(left, /^0\.0000\d+$/u, "all that is left is offered");
    await amount.fill("1");
    await drawer.getByRole("button", { name: "Refund", exact: true }).click();
    await seen(drawer.getByText("More than is left of the charge."));
    await amount.fill("0.000000001");
    await seen(drawer.getByText("1 nano-USD", { exact: true }));
    await drawer.getByRole("button", { name: "Refund", exact: true }).click();
    await seen(drawer.getByText("Say why; the ledger keeps it."));
    await drawer.getByLabel(/^Reason/u).fill("a bad answer");
    await visit.shoot("refund");
    await drawer.getByRole("button", { name: "Refund", exact: true }).click();
    await seen(drawer.getByRole("row", { name: /Refunded \$0\.000000001/u }));
    await seen(drawer.getByText(/a bad answer/u));
    await amount.fill(await leftOver(left));
    await drawer.getByLabel(/^Reason/u).fill("and the rest of it");
    await drawer.getByRole("button", { name: "Refund", exact: true }).click();
    await seen(drawer.getByText("All of it was given back."));
    await visit.shoot("refund-done");
    await page.keyboard.press("Escape");
    await gone(drawer);
    assert.deepEqual(visit.faults(), []);
  });
}

/** A nano-dollar less. */
async function leftOver(dollars: string): Promise<string> {
  const nanos = BigInt(dollars.slice(2).padEnd(9, "0")) - 1n;
  return `0.${String(nanos).padStart(9, "0")}`;
}

function debts(scene: () => PortalScene): void {
  it("a payment that went back leaves a debt, which is written off with a reason", async () => {
    const { visit } = scene();
    const { page } = visit;
    const payment = { payment_id: "walk", user_id: await idOf(page, visit, "guest"), amount: "20" };
    for (const [kind, taken] of [
      ["paid", "30"],
      ["refunded", ""],
    ] as const) {
      const event = { ...payment, event_id: kind, kind, currency: "USD" };
      assert.equal((await tellPayment(visit.origin, event, PAYMENT_SECRET)).status, 200);
      if (taken !== "") {
        await take(visit, taken);
      }
    }
    await auditLooks(visit, { name: "write-off", path: "/admin/users", open: openWriteOff });
    await visit.go("/admin/users");
    const row = page.getByRole("row", { name: /guest/u });
    await seen(row.getByText("-$17.50"));
    await row.getByRole("rowheader").click();
    const editor = page.getByRole("dialog", { name: "Edit user guest" });
    await seen(editor.getByText("The balance is below zero by $17.50."));
    await visit.shoot("user-in-debt");
    await editor.getByRole("button", { name: "Write off the debt" }).click();
    const drawer = page.getByRole("dialog", { name: "Write off the debt of guest" });
    await drawer.getByRole("button", { name: "Write off", exact: true }).click();
    await seen(drawer.getByText("Say why; the ledger keeps it."));
    await drawer.getByLabel(/^Reason/u).fill("moved away");
    await visit.shoot("write-off");
    await drawer.getByRole("button", { name: "Write off", exact: true }).click();
    await gone(drawer);
    await seen(row.getByText("$0.00", { exact: true }));
    assert.deepEqual(visit.faults(), []);
  });
}

async function openWriteOff(page: Page): Promise<void> {
  await page.getByRole("row").nth(1).getByRole("rowheader").click();
  await page.getByRole("dialog").locator(".notice").getByRole("button").click();
  await seen(page.locator("tg-debt-write-off form"));
}

async function idOf(page: Page, { origin }: Visit, username: string): Promise<unknown> {
  const answer = await page.request.get(`${origin}/api/user/?keyword=${username}&page_size=1`);
  return records(record(await answer.json())["data"])[0]?.["id"];
}

async function take(visit: Visit, dollars: string): Promise<void> {
  const { page } = visit;
  await visit.go("/admin/users");
  await page.getByRole("button", { name: "Actions for guest" }).click();
  await page.getByRole("menuitem", { name: "Adjust quota" }).click();
  const drawer = page.getByRole("dialog", { name: "Adjust the quota of guest" });
  await drawer.getByRole("button", { name: "Subtract" }).click();
  await drawer.getByLabel("Amount in dollars").fill(dollars);
  await drawer.getByLabel(/^Reason/u).fill("for the walk");
  await drawer.getByRole("button", { name: "Adjust", exact: true }).click();
  await gone(drawer);
}

function holds(scene: () => PortalScene): void {
  it("what a relay holds is told by user; nobody gives up a relay that is alive", async () => {
    const { visit } = scene();
    const { page } = visit;
    await visit.go("/console");
    await page.getByRole("navigation", { name: "Main" }).getByText("Held money").click();
    await visit.settled();
    const row = page.getByRole("row", { name: /Alive/u });
    await seen(row);
    await visit.shoot("holds");
    await row.getByRole("cell").first().click();
    const drawer = page.getByRole("dialog");
    await seen(drawer.getByRole("row", { name: /User #1 \$\d/u }));
    const node = (await drawer.getByRole("heading", { level: 2 }).textContent()) ?? "";
    await visit.shoot("holds-of-a-relay");
    await drawer.getByRole("button", { name: "Give up journal" }).click();
    const question = page.getByRole("dialog", { name: /^Give up the journal of/u });
    const agree = question.getByRole("button", { name: "Give up journal" });
    assert.equal(await agree.isDisabled(), true, "it wants the relay's name");
    await question.getByRole("textbox").fill(node.trim());
    await visit.shoot("holds-give-up");
    await agree.click();
    await seen(page.getByRole("region", { name: "Messages" }).getByText(/journal/u));
    await seen(drawer.getByText("Alive"));
    await page.keyboard.press("Escape");
    await gone(drawer);
    assert.deepEqual(visit.faults(), []);
  });
}

function checks(scene: () => PortalScene): void {
  it("all checks of the books are run at once and find nothing", async () => {
    const { visit } = scene();
    const { page } = visit;
    await visit.go("/admin/checks");
    await page.getByRole("button", { name: "Run all now" }).click();
    const rows = page.getByRole("table", { name: "Book checks" }).getByRole("row");
    await textOf(rows.last(), /In order/u);
    assert.equal(await rows.getByText("In order").count(), 7);
    await visit.shoot("checks");
    await page.getByRole("rowheader", { name: "Balances and ledger" }).click();
    const drawer = page.getByRole("dialog", { name: "Balances and ledger" });
    await drawer.getByRole("button", { name: "Run now" }).click();
    await seen(page.getByText(/Balances and ledger: \d+ checked, nothing wrong/u));
    await visit.shoot("check-drawer");
    await page.keyboard.press("Escape");
    await gone(drawer);
    assert.deepEqual(visit.faults(), []);
  });
}
