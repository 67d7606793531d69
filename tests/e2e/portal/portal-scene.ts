import { createTemporaryDirectory } from "@tollgate/kit/testing/temporary-directory";
import { startProcess } from "@tollgate/local/child-process";
import { freePort } from "@tollgate/local/free-port";
import { type Browser, type BrowserContext, chromium } from "playwright-core";
import { PAYMENT_SECRET } from "../harness/platform.ts";
import { type MockUpstream, startMockUpstream } from "#mock-upstream/server.ts";
import { openVisit, type Visit } from "./visit.ts";

const CHROMIUM = "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--disable-quic",
];

const SETUP_LINK = /http:\/\/localhost:\d+\/setup#code=\S+/u;
/** A start takes a second or two of work; a busy machine may spread that over half a minute. */
const STARTED_WITHIN_MS = 60_000;

/** What the walk signs in with; the wizard makes this account. */
export const OWNER = { username: "root", password: "correct horse battery" } as const;

/** A blank server, a browser with a fresh profile, and an upstream to connect. */
export interface PortalScene {
  readonly portal: BlankServer;
  readonly upstream: MockUpstream;
  readonly browser: Browser;
  /** The one window that walks through the portal; it stays signed in from test to test. */
  readonly visit: Visit;
  /** Another window that nobody is signed in at. */
  stranger(): Promise<Visit>;
  close(): Promise<void>;
}

export interface BlankServer extends AsyncDisposable {
  /** Where the printed link leads, without the path. */
  readonly origin: string;
  /** The one-time link, exactly as the server printed it. */
  readonly setupLink: string;
}

export async function openPortalScene(): Promise<PortalScene> {
  const [portal, upstream] = await Promise.all([startBlankServer(), startMockUpstream()]);
  const browser = await launchChromium();
  const open = async (): Promise<Visit> => openVisit(await newContext(browser), portal.origin);
  return {
    portal,
    upstream,
    browser,
    visit: await open(),
    stranger: open,
    async close() {
      await browser.close();
      await Promise.all([portal[Symbol.asyncDispose](), upstream.close()]);
    },
  };
}

/** One process on an empty data folder, with no initial root: the wizard must make one. */
export async function startBlankServer(): Promise<BlankServer> {
  const folder = createTemporaryDirectory();
  const server = startProcess({
    program: "services/standalone/src/main.ts",
    env: {
      PORT: String(await freePort()),
      HOST: "127.0.0.1",
      DATA_DIR: folder.path,
      GLOBAL_API_RATE_LIMIT: "0",
      DRAIN_SECONDS: "5",
      PAYMENT_WEBHOOK_SECRETS: `acme=${PAYMENT_SECRET}`,
    },
  });
  try {
    const [setupLink] = await server.waitForOutput(SETUP_LINK, STARTED_WITHIN_MS);
    const { origin } = new URL(setupLink);
    await server.waitForHttp(`${origin}/readyz`, STARTED_WITHIN_MS);
    return {
      origin,
      setupLink,
      async [Symbol.asyncDispose]() {
        await server.terminate(20_000);
        folder.remove();
      },
    };
  } catch (error) {
    // Nobody gets the server then, and while it runs this process cannot end.
    await server.kill();
    folder.remove();
    throw error;
  }
}

/** Playwright gives every launch an empty profile of its own and removes it at the end. */
async function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

async function newContext(browser: Browser): Promise<BrowserContext> {
  return browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "en-US",
    colorScheme: "light",
    reducedMotion: "reduce",
    permissions: ["clipboard-read", "clipboard-write"],
  });
}
