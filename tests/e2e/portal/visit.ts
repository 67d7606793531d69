import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { eventually } from "../harness/builders.ts";

const artifacts = join(import.meta.dirname, "../../.artifacts/portal");
const WAIT_MS = 10_000;

/** One browser window at the portal, watched for everything that a visitor must never cause. */
export interface Visit extends AsyncDisposable {
  readonly page: Page;
  readonly origin: string;
  /** Goes to a path of the portal and waits until its data is there. */
  go(path: string): Promise<void>;
  /** Waits until the page has its heading and no list is loading. */
  settled(): Promise<void>;
  /** Errors in the console, exceptions, answers of 500 and above, and requests to other hosts. */
  faults(): readonly string[];
  /** Forgets the faults that a test provokes on purpose; says how many match. */
  forgive(pattern: RegExp): number;
  /** Keeps a picture of the window for whoever wants to look. */
  shoot(name: string): Promise<void>;
}

export async function openVisit(context: BrowserContext, origin: string): Promise<Visit> {
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  let faults: string[] = [];
  watch(page, origin, (fault) => {
    faults.push(fault);
  });
  const settled = async (): Promise<void> => {
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await eventually("no list is loading", async () => (await page.locator(BUSY).count()) === 0);
  };
  return {
    page,
    origin,
    settled,
    async go(path) {
      await page.goto(new URL(path, origin).href);
      await settled();
    },
    faults: () => faults,
    forgive(pattern) {
      const kept = faults.filter((fault) => !pattern.test(fault));
      const count = faults.length - kept.length;
      faults = kept;
      return count;
    },
    async shoot(name) {
      mkdirSync(artifacts, { recursive: true });
      await page.screenshot({ path: join(artifacts, `${name}.png`) });
    },
    async [Symbol.asyncDispose]() {
      await context.close();
    },
  };
}

/** Lists mark themselves as busy while they load; that is what a screen reader hears, too. */
const BUSY = '[aria-busy="true"]';

function watch(page: Page, origin: string, report: (fault: string) => void): void {
  const where = (): string => new URL(page.url()).pathname;
  page.on("console", (message) => {
    if (message.type() === "error") {
      report(`${where()} console: ${message.text()} (${message.location().url})`);
    }
  });
  page.on("pageerror", (error) => {
    report(`${where()} exception: ${error.stack ?? error.message}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 500) {
      report(`${where()} ${response.status()} from ${response.url()}`);
    }
  });
  page.on("request", (request) => {
    const { protocol, origin: asked } = new URL(request.url());
    if (protocol.startsWith("http") && asked !== origin) {
      report(`${where()} asked another host: ${request.url()}`);
    }
  });
}

export async function seen(locator: Locator): Promise<void> {
  await locator.first().waitFor({ state: "visible" });
}

export async function gone(locator: Locator): Promise<void> {
  await eventually(`${String(locator)} is gone`, async () => (await locator.count()) === 0);
}

/** Waits until the text of an element matches, and returns it. */
export async function textOf(locator: Locator, pattern: RegExp): Promise<string> {
  let text = "";
  await eventually(`${String(locator)} says ${String(pattern)}`, async () => {
    text = (await locator.first().textContent()) ?? "";
    return pattern.test(text);
  }).catch((error: unknown) => {
    assert.fail(`${String(error)}; it says "${text}"`);
  });
  return text;
}
