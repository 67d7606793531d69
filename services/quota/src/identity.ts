/** Composes users, keys, options and the log. The service's composition root calls it once at the start. */
import { randomBytes } from "node:crypto";
import type { Clock } from "@tollgate/kit/clock/clock";
import type { Logger } from "@tollgate/kit/logging/logger";
import type { Database } from "@tollgate/kit/sql/database";
import { createAppendActivity, createDeleteActivity } from "#usecases/log/append-activity.ts";
import { applyInitialRoot } from "#usecases/identity/apply-initial-root.ts";
import type { InitialRoot } from "#usecases/identity/apply-initial-root.ts";
import { createAuthenticate } from "#usecases/identity/authenticate-user.ts";
import { createCreateKey } from "#usecases/keys/create-key.ts";
import { createCreateRootUser } from "#usecases/identity/create-root-user.ts";
import { createCreateUser } from "#usecases/identity/create-user.ts";
import type { ActivityFeed, KeyCaps, Wallets } from "#usecases/identity/identity-ports.ts";
import { createOpenKey } from "#usecases/keys/open-key.ts";
import type { PricePublisher } from "#usecases/prices/price-publisher.ts";
import { createPublishPrices, startFollowingDuePrices } from "#usecases/prices/publish-prices.ts";
import type { PublishPrices } from "#usecases/prices/publish-prices.ts";
import { createReadBillingSummary } from "#usecases/keys/read-billing-summary.ts";
import { createReadKeys } from "#usecases/keys/read-keys.ts";
import { createReadLog } from "#usecases/log/read-log.ts";
import { openReadOption } from "#usecases/options/read-option.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import { createReadUsers } from "#usecases/identity/read-users.ts";
import { createSetOption } from "#usecases/options/set-option.ts";
import type { SettledFeed } from "#usecases/settlement/settled-feed.ts";
import { createDeleteKey, createUpdateKey } from "#usecases/keys/update-key.ts";
import {
  createDeleteUser,
  createRotateAccessToken,
  createUpdateUser,
} from "#usecases/identity/update-user.ts";
import { createActivityFeed, createWatchLog } from "#usecases/log/watch-log.ts";
import { createCredentialVault } from "./crypto/credential-vault.ts";
import { createPasswordHasher } from "./crypto/password-hasher.ts";
import type { OptionValues } from "./domain/option.ts";
import type { IdentityUseCases } from "./rpc/identity-routes.ts";
import type { ReadPrice } from "./rpc/usage-handlers.ts";
import { createActivityStore } from "./store/sql/activity-store.ts";
import { createKeyStore } from "./store/sql/key-store.ts";
import type { LogDatabase } from "./store/sql/log-database.ts";
import { createLogReader } from "./store/sql/log-store.ts";
import { createOptionStore } from "./store/sql/option-store.ts";
import { createRefundStore } from "./store/sql/refund-store.ts";
import { createUserStore } from "./store/sql/user-store.ts";
import type { Changes } from "./usecases/changes.ts";
import type { Transactions } from "./usecases/transaction.ts";

/** What the identity half gets from its surroundings, most of it from the money half. */
export interface IdentityDependencies {
  readonly database: Database;
  /** The log database; absent = the main database has every call. */
  readonly archive?: LogDatabase | undefined;
  readonly transactions: Transactions;
  readonly clock: Clock;
  readonly logger: Logger;
  /** 32 bytes; every other key is derived from it. */
  readonly masterKey: Uint8Array;
  readonly changes: Changes;
  readonly settled: Pick<SettledFeed, "subscribe">;
  readonly wallets: Wallets;
  readonly caps: KeyCaps;
  /** The value of every option that was never set. */
  readonly initialOptions: OptionValues;
  readonly pricing: PricePublisher;
  readonly readPrice: ReadPrice;
  readonly initialRoot: InitialRoot;
}

/** The identity half, running. */
export interface Identity {
  readonly useCases: IdentityUseCases;
  readonly options: ReadOption;
  readonly publishPrices: PublishPrices;
  /** New rows of the activity log. */
  readonly feed: ActivityFeed;
  readonly close: () => void;
}

// Each hash takes 19 MiB and most of a core for some 20 ms; more at once would only slow each other down.
const passwordLimits = Object.freeze({ runningMax: 4, waitingMax: 256 });

/** Reads the options and applies the initial root user of the environment. */
export async function createIdentity(dependencies: IdentityDependencies): Promise<Identity> {
  const { database, clock } = dependencies;
  const feed = createActivityFeed();
  const store = createOptionStore(database, clock);
  const options = await openReadOption({
    ...dependencies,
    store,
    initial: dependencies.initialOptions,
  });
  const ports = {
    ...dependencies,
    feed,
    store,
    options,
    initial: dependencies.initialOptions,
    users: createUserStore(database),
    keys: createKeyStore(database),
    activities: createActivityStore(database, clock),
    log: createLogReader(dependencies, clock),
    vault: createCredentialVault(dependencies.masterKey),
    passwords: createPasswordHasher(passwordLimits),
    newTombstone: () => randomBytes(16).toString("hex"),
  };
  try {
    await applyInitialRoot(ports, dependencies.initialRoot);
  } catch (error) {
    // Compensates: nobody else can stop the timer of what was just opened.
    options.close();
    throw error;
  }
  const publishPrices = createPublishPrices(ports);
  const stopFollowing = startFollowingDuePrices({ ...ports, publishPrices });
  const useCases: IdentityUseCases = {
    clock,
    options,
    ...createUserCases(ports),
    authenticate: createAuthenticate(ports),
    ...createKeyCases(ports),
    setOption: createSetOption({ ...ports, publishPrices }),
    readLog: createReadLog(ports),
    appendActivity: createAppendActivity(ports.activities, feed),
    deleteActivity: createDeleteActivity(ports.activities),
    watchLog: createWatchLog(ports),
    readBillingSummary: createReadBillingSummary(ports),
    readPrice: dependencies.readPrice,
    readRefunds: createRefundStore(dependencies).sumMany,
  };
  return {
    useCases,
    options,
    publishPrices,
    feed,
    close: () => {
      stopFollowing();
      options.close();
    },
  };
}

type UserPorts = Parameters<typeof createCreateRootUser>[0] &
  Parameters<typeof createCreateUser>[0] &
  Parameters<typeof createUpdateUser>[0] & {
    readonly users: Parameters<typeof createReadUsers>[0];
  };

function createUserCases(ports: UserPorts) {
  return {
    readUsers: createReadUsers(ports.users),
    createRootUser: createCreateRootUser(ports),
    createUser: createCreateUser(ports),
    updateUser: createUpdateUser(ports),
    deleteUser: createDeleteUser(ports),
    rotateAccessToken: createRotateAccessToken(ports),
  };
}

type KeyPorts = Parameters<typeof createOpenKey>[0] &
  Parameters<typeof createCreateKey>[0] &
  Parameters<typeof createReadKeys>[0] &
  Parameters<typeof createUpdateKey>[0];

function createKeyCases(ports: KeyPorts) {
  return {
    openKey: createOpenKey(ports),
    createKey: createCreateKey(ports),
    readKeys: createReadKeys(ports),
    updateKey: createUpdateKey(ports),
    deleteKey: createDeleteKey(ports),
  };
}
