import { after, before, describe } from "node:test";
import { accessibilityWalk } from "./portal/accessibility-walk.ts";
import { appearanceWalk } from "./portal/appearance-walk.ts";
import { channelsWalk } from "./portal/channels-walk.ts";
import { firstRunWalk } from "./portal/first-run-walk.ts";
import { keysWalk } from "./portal/keys-walk.ts";
import { logsWalk } from "./portal/logs-walk.ts";
import { moneyWalk } from "./portal/money-walk.ts";
import { playgroundWalk } from "./portal/playground-walk.ts";
import { redemptionWalk } from "./portal/redemption-walk.ts";
import { settingsWalk } from "./portal/settings-walk.ts";
import { signInWalk } from "./portal/sign-in-walk.ts";
import { usersWalk } from "./portal/users-walk.ts";
import { openPortalScene, type PortalScene } from "./portal/portal-scene.ts";

/** Bounds the whole walk: something that hangs is a failure, not a wait. */
const TIMEOUT_MS = 600_000;

/** The portal in a real browser against a real process; the walks build on each other, in order. */
describe("portal", { timeout: TIMEOUT_MS }, () => {
  let opened: PortalScene | undefined;
  const scene = (): PortalScene => {
    if (opened === undefined) {
      throw new Error("the scene is not open");
    }
    return opened;
  };
  before(async () => {
    opened = await openPortalScene();
  });
  after(async () => {
    await opened?.close();
  });
  for (const walk of [
    firstRunWalk,
    signInWalk,
    channelsWalk,
    keysWalk,
    logsWalk,
    usersWalk,
    moneyWalk,
    redemptionWalk,
    playgroundWalk,
    settingsWalk,
    appearanceWalk,
    accessibilityWalk,
  ]) {
    walk(scene);
  }
});
