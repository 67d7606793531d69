import type { Clock } from "@tollgate/kit/clock/clock";
import { ZERO } from "@tollgate/kit/money/nano-usd";
import { noExpiry } from "#domain/api-key.ts";
import { fault } from "#domain/faults.ts";
import type { Activity } from "#domain/log-entry.ts";
import { checkPassword } from "#domain/password.ts";
import {
  checkDisplayName,
  checkEmail,
  checkRole,
  checkUsername,
  defaultGroup,
} from "#domain/user.ts";
import type { User } from "#domain/user.ts";
import { insertKey } from "#usecases/keys/create-key.ts";
import type { InsertKeyPorts } from "#usecases/keys/create-key.ts";
import { giveGift } from "#usecases/wallets/give-gift.ts";
import type { GiftPorts } from "#usecases/wallets/give-gift.ts";
import type { ReadOption } from "#usecases/options/read-option.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import type {
  ActivityFeed,
  Gift,
  NewUser,
  PasswordHasher,
  TakenNames,
  UserStore,
  Wallets,
} from "./identity-ports.ts";

/** What {@link createCreateUser} needs. */
export interface CreateUserPorts extends InsertKeyPorts, GiftPorts {
  readonly transactions: Transactions;
  readonly users: UserStore;
  readonly wallets: Wallets;
  readonly passwords: Pick<PasswordHasher, "hash">;
  readonly options: Pick<ReadOption, "flag" | "amount" | "text">;
  readonly feed: Pick<ActivityFeed, "publish">;
  readonly clock: Pick<Clock, "nowMs">;
}

/** A person as they describe themselves, or as an operator does. */
export interface CreateUserInput {
  readonly username: string;
  readonly password: string;
  /** "" = the username. */
  readonly displayName: string;
  readonly role: number;
  readonly email: string;
  /** Of the inviter; may be "" or unknown. */
  readonly inviterCode: string;
  readonly hasDefaultKey: boolean;
}

/** Makes a user with a wallet, the gifts that the options promise and, if asked for, One API's key "default". */
export type CreateUser = (input: CreateUserInput) => Promise<User>;

/** Throws USERNAME_TAKEN, EMAIL_TAKEN and the faults of the single fields. */
export function createCreateUser(ports: CreateUserPorts): CreateUser {
  return async (input) => {
    const username = checkUsername(input.username);
    const email = checkEmail(input.email);
    const profile = {
      username,
      email,
      displayName: checkDisplayName(input.displayName === "" ? username : input.displayName),
      role: checkRole(input.role),
      group: defaultGroup,
    };
    const password = checkPassword(input.password);
    await requireFreeNames(ports.users, { username, email });
    const passwordHash = await ports.passwords.hash(password);
    const work = async (tx: Tx) => writeUser(ports, { ...profile, passwordHash, input }, tx);
    const { user, activities } = await translateCollision(ports.users, { username, email }, () =>
      ports.transactions.run(work),
    );
    activities.forEach((activity) => ports.feed.publish(activity));
    return user;
  };
}

/** Throws USERNAME_TAKEN or EMAIL_TAKEN when somebody but `exceptId` holds the name. */
export async function requireFreeNames(
  users: Pick<UserStore, "findHolder">,
  names: TakenNames,
  tx?: Tx,
): Promise<void> {
  const holder = await users.findHolder(names, tx);
  if (holder !== undefined) {
    throw fault(holder.holds === "username" ? "USERNAME_TAKEN" : "EMAIL_TAKEN");
  }
}

/** Two people who take a name at the same moment: the database refuses the second, who is told so. */
export async function translateCollision<Value>(
  users: Pick<UserStore, "findHolder">,
  names: TakenNames,
  write: () => Promise<Value>,
): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    // Translates at an edge: engines word a repeated key differently, the question "who holds it" is the same.
    await requireFreeNames(users, names);
    throw error;
  }
}

interface UserDraft extends Pick<
  NewUser,
  "username" | "email" | "displayName" | "role" | "group" | "passwordHash"
> {
  readonly input: CreateUserInput;
}

interface WrittenUser {
  readonly user: User;
  readonly activities: readonly Activity[];
}

async function writeUser(
  ports: CreateUserPorts,
  { input, ...profile }: UserDraft,
  tx: Tx,
): Promise<WrittenUser> {
  const { users, wallets, vault, clock } = ports;
  const inviter =
    input.inviterCode === "" ? undefined : await users.findByInvitationCode(input.inviterCode, tx);
  const id = await users.insert(
    {
      ...profile,
      accessTokenHash: undefined,
      invitationCode: vault.newInvitationCode(),
      inviterId: inviter?.id ?? 0,
      createdAt: Math.floor(clock.nowMs() / 1000),
    },
    tx,
  );
  await wallets.open(id, tx);
  const activities = await giveGifts(ports, { id, inviterId: inviter?.id }, tx);
  if (input.hasDefaultKey) {
    await insertDefaultKey(ports, id, tx);
  }
  const user = await users.find(id, tx);
  if (user === undefined) {
    throw new TypeError("a user who was just written cannot be read");
  }
  return { user, activities };
}

const dayMs = 86_400_000;

async function giveGifts(
  ports: CreateUserPorts,
  { id, inviterId }: { readonly id: number; readonly inviterId: number | undefined },
  tx: Tx,
): Promise<readonly Activity[]> {
  const { options, clock } = ports;
  const days = Number(options.text("QuotaForNewUserDays"));
  // The inviter's wallet first: locks are taken in ascending order of users.
  const gifts: readonly Gift[] = [
    ...(inviterId === undefined
      ? []
      : [
          {
            requestId: `gift:inviter:${id}`,
            userId: inviterId,
            kind: "invite-reward" as const,
            amountNanos: options.amount("QuotaForInviter"),
            remark: "Gift for inviting a user",
            expiresAtMs: 0,
          },
        ]),
    {
      requestId: `gift:new-user:${id}`,
      userId: id,
      kind: "new-user-credit",
      amountNanos: options.amount("QuotaForNewUser"),
      remark: "Gift for a new user",
      expiresAtMs: days === 0 ? 0 : clock.nowMs() + days * dayMs,
    },
    {
      requestId: `gift:invitee:${id}`,
      userId: id,
      kind: "invite-reward",
      amountNanos: inviterId === undefined ? ZERO : options.amount("QuotaForInvitee"),
      remark: "Gift for using an invitation",
      expiresAtMs: 0,
    },
  ];
  const activities: Activity[] = [];
  for (const gift of gifts) {
    activities.push(...(await giveGift(ports, gift, tx)));
  }
  return activities;
}

async function insertDefaultKey(ports: InsertKeyPorts, userId: number, tx: Tx): Promise<void> {
  const secret = ports.vault.newKeySecret();
  await insertKey(
    ports,
    {
      userId,
      secret,
      name: "default",
      expiresAt: noExpiry,
      isUnlimited: true,
      remainingNanos: ZERO,
      models: [],
      subnets: [],
    },
    tx,
  );
}
