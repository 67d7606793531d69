import assert from "node:assert/strict";
import { describe, it } from "node:test";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { type PortalScene, startBlankServer } from "./portal-scene.ts";
import { openVisit, seen, type Visit } from "./visit.ts";

const STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"];
const LOOKS = ["light", "dark"].flatMap((theme) =>
  ["en", "zh-CN"].map((language) => ({ theme, language })),
);

/** A page and, where a drawer or menu matters, what to open on it first. */
interface Place {
  readonly name: string;
  readonly path: string;
  readonly open?: (page: Page) => Promise<void>;
}

const OF_STRANGERS: readonly Place[] = [
  { name: "login", path: "/login" },
  { name: "register", path: "/register" },
];

const OF_ROOT: readonly Place[] = [
  { name: "console", path: "/console" },
  { name: "keys", path: "/console/tokens" },
  { name: "new-key", path: "/console/tokens?id=new", open: drawer },
  { name: "own-logs", path: "/console/logs" },
  { name: "playground", path: "/console/playground" },
  { name: "wallet", path: "/console/wallet" },
  { name: "profile", path: "/console/profile" },
  { name: "channels", path: "/admin/channels" },
  { name: "new-channel", path: "/admin/channels?id=new", open: drawer },
  { name: "no-match", path: "/admin/channels?q=nothing-has-this-name" },
  { name: "row-menu", path: "/admin/channels", open: rowMenu },
  { name: "users", path: "/admin/users" },
  { name: "new-user", path: "/admin/users?id=new", open: drawer },
  { name: "codes", path: "/admin/redemptions" },
  { name: "new-codes", path: "/admin/redemptions?id=new", open: drawer },
  { name: "all-logs", path: "/admin/logs" },
  { name: "call", path: "/admin/logs", open: firstRow },
  { name: "explained-call", path: "/admin/logs?type=2", open: explainedRow },
  { name: "refund", path: "/admin/logs?type=2", open: refundRow },
  { name: "holds", path: "/admin/leases" },
  { name: "holds-of-a-relay", path: "/admin/leases", open: firstRow },
  { name: "give-up", path: "/admin/leases", open: givingUp },
  { name: "checks", path: "/admin/checks" },
  { name: "check", path: "/admin/checks?id=posted", open: drawer },
  { name: "settings", path: "/admin/settings" },
  { name: "palette", path: "/console", open: palette },
  { name: "not-found", path: "/no/such/page" },
];

/** Every page in both themes and both languages: nothing that axe can see is wrong. */
export function accessibilityWalk(scene: () => PortalScene): void {
  describe("accessibility", () => {
    for (const place of OF_ROOT) {
      it(`${place.name} has no violation`, async () => {
        await auditLooks(scene().visit, place);
      });
    }

    it("the pages of strangers have no violation", async () => {
      await using visit = await scene().stranger();
      for (const place of OF_STRANGERS) {
        await auditLooks(visit, place);
      }
    });

    it("the wizard has no violation", async () => {
      await using server = await startBlankServer();
      await using visit = await openVisit(await scene().browser.newContext(), server.origin);
      await auditLooks(visit, { name: "setup", path: "/setup" });
    });
  });
}

/** Audits a place in every look; afterwards the browser has no preferences of its own. */
export async function auditLooks(visit: Visit, { name, path, open }: Place): Promise<void> {
  const { page, origin } = visit;
  const found: string[] = [];
  if (!page.url().startsWith(origin)) {
    await visit.go(path);
  }
  for (const { theme, language } of LOOKS) {
    const look = JSON.stringify(JSON.stringify({ theme, language, density: "compact" }));
    await page.evaluate(`localStorage.setItem("tollgate.preferences", ${look})`);
    await visit.go(path);
    await open?.(page);
    const root = page.locator(`html[lang="${language}"][data-theme="${theme}"]`);
    assert.equal(await root.count(), 1, `${name} is in ${theme} and ${language}`);
    await visit.shoot(`look-${name}-${theme}-${language}`);
    const violations = await audit(page);
    found.push(...violations.map((violation) => `${theme} ${language}: ${violation}`));
  }
  await page.evaluate('localStorage.removeItem("tollgate.preferences")');
  assert.deepEqual(found, []);
  assert.deepEqual(visit.faults(), []);
}

async function audit(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const options = JSON.stringify({ runOnly: { type: "tag", values: STANDARDS } });
  const found: unknown = await page.evaluate(`axe.run(document, ${options}).then((result) =>
    result.violations.flatMap((violation) => violation.nodes.map((node) =>
      violation.id + " (" + violation.help + "): " + node.html + "\\n" + node.failureSummary)))`);
  assert.ok(Array.isArray(found));
  return found.map(String);
}

async function drawer(page: Page): Promise<void> {
  await seen(page.getByRole("dialog"));
}

async function rowMenu(page: Page): Promise<void> {
  await page.getByRole("row").nth(1).getByRole("button").last().click();
  await seen(page.getByRole("menuitem"));
}

async function firstRow(page: Page): Promise<void> {
  await page.getByRole("row").nth(1).getByRole("cell").nth(1).click();
  await drawer(page);
}

async function explainedRow(page: Page): Promise<void> {
  await firstRow(page);
  // The first summary of the drawer, in whatever language.
  await page.getByRole("dialog").locator("summary").first().click();
  await seen(page.getByRole("dialog").locator("tg-log-explain table"));
}

async function refundRow(page: Page): Promise<void> {
  await firstRow(page);
  await page.getByRole("dialog").locator("tg-log-refund summary").click();
  await seen(page.getByRole("dialog").locator("tg-log-refund dl"));
}

async function givingUp(page: Page): Promise<void> {
  await firstRow(page);
  await page.getByRole("dialog").locator("footer .danger").click();
  await seen(page.getByRole("dialog").locator("#confirm-title"));
}

async function palette(page: Page): Promise<void> {
  await page.keyboard.press("Control+k");
  await seen(page.getByRole("listbox"));
}
