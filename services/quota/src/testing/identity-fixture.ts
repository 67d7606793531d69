import { nanoUsd, ZERO } from "@tollgate/kit/money/nano-usd";
import { createFakeClock } from "@tollgate/kit/testing/fake-clock";
import type { FakeClock } from "@tollgate/kit/testing/fake-clock";
import { defaultRatioOptions } from "#domain/default-ratios.ts";
import { initialOptions } from "#domain/option.ts";
import type { PricingOptions } from "#domain/price-options.ts";
import { createAdjustWallet } from "#usecases/wallets/adjust-wallet.ts";
import type { Change, Changes } from "#usecases/changes.ts";
import type { InitialRoot } from "#usecases/identity/apply-initial-root.ts";
import type { CreateUserInput } from "#usecases/identity/create-user.ts";
import type { CreateKeyInput } from "#usecases/keys/create-key.ts";
import type { ListRange } from "#domain/list-range.ts";
import type { SettledFeed } from "#usecases/settlement/settled-feed.ts";
import { createSettledFeed } from "#usecases/settlement/settled-feed.ts";
import { createBucketStore } from "#store/sql/bucket-store.ts";
import { createKeyCapStore } from "#store/sql/key-cap-store.ts";
import { createLedgerStore } from "#store/sql/ledger-store.ts";
import { createWalletStore } from "#store/sql/wallet-store.ts";
import { createIdentity } from "../identity.ts";
import type { Identity } from "../identity.ts";
import { openTestDatabase, silentLogger } from "./open-test-database.ts";
import type { TestDatabase } from "./open-test-database.ts";

/** The identity half over a database of its own. */
export interface IdentityFixture extends TestDatabase {
  readonly identity: Identity;
  readonly useCases: Identity["useCases"];
  readonly clock: FakeClock;
  readonly settled: SettledFeed;
  /** Every change that was announced, in order. */
  readonly announced: readonly Change[];
  /** The options of every price book that was published. */
  readonly published: readonly PricingOptions[];
  /** From now on no price book can be published. */
  readonly refusePublishing: () => void;
  /** Another instance over the same database, as after a restart or on another replica. */
  readonly openAgain: (initialRoot?: Partial<InitialRoot>) => Promise<Identity>;
}

const masterKey = new Uint8Array(32).fill(7);

/** Opens everything; `initialRoot` is what the environment would hold. */
export async function openIdentityFixture(
  initialRoot: Partial<InitialRoot> = {},
): Promise<IdentityFixture> {
  const { database, close } = await openTestDatabase();
  const clock = createFakeClock();
  const settled = createSettledFeed();
  const announced: Change[] = [];
  const published: PricingOptions[] = [];
  let isPublishingRefused = false;
  const wallets = createWalletStore(database);
  const adjustWallet = createAdjustWallet({
    transactions: { run: async (work, options) => database.transaction(work, options) },
    wallets,
    ledger: createLedgerStore(database),
    buckets: createBucketStore(database),
    changes: recordChanges([]),
    clock,
  });
  const open = async (root: Partial<InitialRoot> = {}): Promise<Identity> =>
    createIdentity({
      database,
      transactions: { run: async (work, options) => database.transaction(work, options) },
      clock,
      logger: silentLogger,
      masterKey,
      changes: recordChanges(announced),
      settled,
      caps: createKeyCapStore(database),
      wallets: {
        open: async (userId, tx) => wallets.open(userId, tx),
        give: async (gift, tx) => void (await adjustWallet({ ...gift, actorId: 0 }, tx)),
      },
      initialOptions: initialOptions(defaultRatioOptions),
      pricing: {
        due: async () => ({}),
        isDue: async () => false,
        scheduledOptions: async () => new Map(),
        schedule: async () => 0,
        publish: async (values) => {
          if (isPublishingRefused) {
            throw new Error("refused to publish");
          }
          published.push(values);
          return published.length;
        },
      },
      readPrice: async () => undefined,
      initialRoot: { password: undefined, token: undefined, accessToken: undefined, ...root },
    });
  const identity = await open(initialRoot).catch(async (error: unknown) => {
    // Compensates: nobody else can close what was just opened.
    await close();
    throw error;
  });
  return {
    database,
    identity,
    useCases: identity.useCases,
    clock,
    settled,
    announced,
    published,
    refusePublishing: () => {
      isPublishingRefused = true;
    },
    openAgain: open,
    close: async () => {
      identity.close();
      await close();
    },
  };
}

/** A person who registers. */
export function aUser(fields: Partial<CreateUserInput> = {}): CreateUserInput {
  return {
    username: "alice",
    password: "correct horse",
    displayName: "",
    role: 1,
    email: "",
    inviterCode: "",
    hasDefaultKey: false,
    ...fields,
  };
}

/** An unlimited key without restrictions. */
export function aKey(
  fields: Partial<CreateKeyInput> & { readonly userId: number },
): CreateKeyInput {
  return {
    name: "work",
    expiresAt: -1,
    isUnlimited: true,
    remainingNanos: ZERO,
    models: [],
    subnets: [],
    ...fields,
  };
}

/** The first page, newest first. */
export function aRange(fields: Partial<ListRange> = {}): ListRange {
  return {
    offset: 0,
    limit: 0,
    sort: "",
    isDescending: false,
    keyword: "",
    hasTotal: false,
    ...fields,
  };
}

/** Dollars, whole ones. */
export function usd(dollars: number): ReturnType<typeof nanoUsd> {
  return nanoUsd(BigInt(dollars) * 1_000_000_000n);
}

function recordChanges(announced: Change[]): Changes {
  return {
    notify: async (change) => void announced.push(change),
    flush: async () => undefined,
    subscribe: () => () => undefined,
    close: () => undefined,
  };
}
