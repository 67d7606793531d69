import { quotaUnitsToNano, ZERO } from "@tollgate/kit/money/nano-usd";
import { checkChosenSecret, noExpiry } from "#domain/api-key.ts";
import { fault } from "#domain/faults.ts";
import type { Activity } from "#domain/log-entry.ts";
import { checkPassword } from "#domain/password.ts";
import { checkAccessToken, checkUsername, defaultGroup, roles } from "#domain/user.ts";
import type { User } from "#domain/user.ts";
import type { Changes } from "#usecases/changes.ts";
import { insertKey } from "#usecases/keys/create-key.ts";
import { giveGift } from "#usecases/wallets/give-gift.ts";
import type { Tx } from "#usecases/transaction.ts";
import { requireFreeNames, translateCollision } from "./create-user.ts";
import type { CreateUserPorts } from "./create-user.ts";
import type { UserLogin, UserPatch } from "./identity-ports.ts";

/** What making the root user needs. */
export interface RootUserPorts extends CreateUserPorts {
  readonly changes: Pick<Changes, "notify" | "flush">;
}

/** The root user as the person who sets the system up describes it. */
export interface CreateRootUserInput {
  readonly username: string;
  readonly password: string;
  /** "" = none until rotated. */
  readonly accessToken: string;
  /** Customer key to make, with or without "sk-"; "" = none. */
  readonly initialKey: string;
}

/** Makes the one root user, or gives a name and a password to one that has no way to sign in yet. */
export type CreateRootUser = (input: CreateRootUserInput) => Promise<User>;

/** What the root user is written from; undefined = none. Secrets are checked, the password is hashed. */
export interface RootUserDraft {
  /** undefined = "root", or the present name. */
  readonly username: string | undefined;
  readonly passwordHash: string | undefined;
  readonly accessToken: string | undefined;
  readonly keySecret: string | undefined;
}

/** One API gives its root user this many quota units: a billion dollars. */
const rootQuotaUnits = 500_000_000_000_000n;
const initialKeyName = "Initial Root Token";

/** Throws ROOT_EXISTS once somebody can sign in as root, and the faults of the single fields. */
export function createCreateRootUser(ports: RootUserPorts): CreateRootUser {
  return async (input) => {
    const username = checkUsername(input.username);
    const password = checkPassword(input.password);
    const accessToken = input.accessToken === "" ? undefined : checkAccessToken(input.accessToken);
    const keySecret = input.initialKey === "" ? undefined : checkChosenSecret(input.initialKey);
    if (canSignIn(await ports.users.findRoot())) {
      throw fault("ROOT_EXISTS");
    }
    const passwordHash = await ports.passwords.hash(password);
    return writeRootUser(ports, { username, passwordHash, accessToken, keySecret });
  };
}

/** True once somebody can sign in as root, by password or by access token. */
export function canSignIn(root: UserLogin | undefined): boolean {
  return root !== undefined && (root.passwordHash !== "" || root.hasAccessToken);
}

/** Throws ROOT_EXISTS, USERNAME_TAKEN or KEY_SECRET_TAKEN. */
export async function writeRootUser(ports: RootUserPorts, draft: RootUserDraft): Promise<User> {
  const work = async (tx: Tx) => {
    const root = await ports.users.findRoot(tx);
    if (canSignIn(root)) {
      throw fault("ROOT_EXISTS");
    }
    const written =
      root === undefined
        ? await insertRoot(ports, draft, tx)
        : { id: await completeRoot(ports, { root, draft }, tx), activities: [] };
    await insertInitialKey(ports, { userId: written.id, secret: draft.keySecret }, tx);
    const user = await ports.users.find(written.id, tx);
    if (user === undefined) {
      throw new TypeError("a user who was just written cannot be read");
    }
    return { user, activities: written.activities };
  };
  const names = draft.username === undefined ? {} : { username: draft.username };
  const { user, activities } = await translateRace(ports, draft, async () =>
    translateCollision(ports.users, names, async () => ports.transactions.run(work)),
  );
  activities.forEach((activity) => ports.feed.publish(activity));
  await ports.changes.flush();
  return user;
}

/** Two setups at the same moment: the database lets one through, the other is told that root exists. */
async function translateRace<Value>(
  ports: RootUserPorts,
  draft: RootUserDraft,
  write: () => Promise<Value>,
): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    // Translates at an edge: whoever finds a root that can sign in came second.
    const isSecond = draft.username !== undefined && canSignIn(await ports.users.findRoot());
    throw isSecond ? fault("ROOT_EXISTS", { cause: error }) : error;
  }
}

async function insertRoot(
  ports: RootUserPorts,
  draft: RootUserDraft,
  tx: Tx,
): Promise<{ readonly id: number; readonly activities: readonly Activity[] }> {
  const { users, wallets, vault, clock } = ports;
  const username = draft.username ?? "root";
  await requireFreeNames(users, { username }, tx);
  const id = await users.insert(
    {
      username,
      displayName: "Root User",
      role: roles.root,
      email: "",
      group: defaultGroup,
      passwordHash: draft.passwordHash ?? "",
      accessTokenHash:
        draft.accessToken === undefined ? undefined : vault.hashAccessToken(draft.accessToken),
      invitationCode: vault.newInvitationCode(),
      inviterId: 0,
      createdAt: Math.floor(clock.nowMs() / 1000),
    },
    tx,
  );
  await wallets.open(id, tx);
  const activities = await giveGift(
    ports,
    {
      requestId: `gift:root:${id}`,
      userId: id,
      kind: "gift",
      expiresAtMs: 0,
      amountNanos: quotaUnitsToNano(rootQuotaUnits),
      remark: "Quota of the root user",
    },
    tx,
  );
  return { id, activities };
}

async function completeRoot(
  { users, vault, changes }: RootUserPorts,
  { root, draft }: { readonly root: UserLogin; readonly draft: RootUserDraft },
  tx: Tx,
): Promise<number> {
  const { id } = root.user;
  const patch: UserPatch = {
    hasNewSessions: true,
    ...(draft.username !== undefined && { username: draft.username }),
    ...(draft.passwordHash !== undefined && { passwordHash: draft.passwordHash }),
    ...(draft.accessToken !== undefined && {
      accessToken: { hash: vault.hashAccessToken(draft.accessToken) },
    }),
  };
  if (draft.username !== undefined) {
    await requireFreeNames(users, { username: draft.username, exceptId: id }, tx);
  }
  await users.update(id, patch, tx);
  await changes.notify({ userIds: [id] }, tx);
  return id;
}

async function insertInitialKey(
  ports: RootUserPorts,
  { userId, secret }: { readonly userId: number; readonly secret: string | undefined },
  tx: Tx,
): Promise<void> {
  if (secret === undefined) {
    return;
  }
  const [present] = await ports.keys.findBySecretHashes([ports.vault.hashKeySecret(secret)], tx);
  if (present !== undefined) {
    if (present.key.userId === userId) {
      return;
    }
    throw fault("KEY_SECRET_TAKEN");
  }
  await insertKey(
    ports,
    {
      userId,
      secret,
      name: initialKeyName,
      expiresAt: noExpiry,
      isUnlimited: true,
      remainingNanos: ZERO,
      models: [],
      subnets: [],
    },
    tx,
  );
}
