import { fault } from "#domain/faults.ts";
import { checkPassword, presentedPassword } from "#domain/password.ts";
import { checkUserChange, endsSessions, roles } from "#domain/user.ts";
import type { User, UserChange } from "#domain/user.ts";
import type { Changes } from "#usecases/changes.ts";
import type { Transactions, Tx } from "#usecases/transaction.ts";
import { requireFreeNames, translateCollision } from "./create-user.ts";
import type { CredentialVault, PasswordHasher, UserStore } from "./identity-ports.ts";

/** What changing users needs. */
export interface UserChangePorts {
  readonly transactions: Transactions;
  readonly users: UserStore;
  readonly passwords: PasswordHasher;
  readonly vault: Pick<CredentialVault, "newAccessToken" | "hashAccessToken">;
  readonly changes: Pick<Changes, "notify" | "flush">;
  /** 32 hexadecimal characters that no two deleted users share. */
  readonly newTombstone: () => string;
}

/** Fields of a change; an absent one stays. */
export interface UpdateUserInput extends UserChange {
  readonly id: number;
  readonly password?: string;
  /** Present when it must be checked: a user who changes their own account. */
  readonly currentPassword?: string;
}

/** Changes a user. */
export type UpdateUser = (input: UpdateUserInput) => Promise<User>;

/** Marks a user as deleted. */
export type DeleteUser = (id: number) => Promise<void>;

/** Makes a new management access token and forgets the old one. */
export type RotateAccessToken = (userId: number) => Promise<string>;

/** Throws USER_NOT_FOUND, ROOT_PROTECTED, CREDENTIALS_INVALID, USERNAME_TAKEN, EMAIL_TAKEN and the faults of the fields. */
export function createUpdateUser(ports: UserChangePorts): UpdateUser {
  return async ({ id, password, currentPassword, ...asked }) => {
    if (currentPassword !== undefined) {
      await requirePassword(ports, id, currentPassword);
    }
    const passwordHash =
      password === undefined ? undefined : await ports.passwords.hash(checkPassword(password));
    const work = async (tx: Tx): Promise<User> => {
      const user = await requireUser(ports.users, id, tx);
      const change = checkUserChange(user, asked);
      await requireFreeNames(ports.users, namesOf(id, change), tx);
      const hasNewSessions = passwordHash !== undefined || endsSessions(user, change);
      await ports.users.update(
        id,
        { ...change, hasNewSessions, ...(passwordHash !== undefined && { passwordHash }) },
        tx,
      );
      await ports.changes.notify({ userIds: [id] }, tx);
      return requireUser(ports.users, id, tx);
    };
    const user = await translateCollision(ports.users, namesOf(id, asked), async () =>
      ports.transactions.run(work),
    );
    await ports.changes.flush();
    return user;
  };
}

/** Frees the name and the address, kills keys and sessions, keeps history. Throws USER_NOT_FOUND or ROOT_PROTECTED. */
export function createDeleteUser(ports: UserChangePorts): DeleteUser {
  return async (id) => {
    const tombstone = `deleted_${ports.newTombstone()}`;
    await ports.transactions.run(async (tx) => {
      const user = await requireUser(ports.users, id, tx);
      if (user.role === roles.root) {
        throw fault("ROOT_PROTECTED");
      }
      await ports.users.update(
        id,
        {
          username: tombstone,
          status: "deleted",
          email: "",
          passwordHash: "",
          accessToken: { hash: undefined },
          hasNewSessions: true,
        },
        tx,
      );
      await ports.changes.notify({ userIds: [id] }, tx);
    });
    await ports.changes.flush();
  };
}

/** Throws USER_NOT_FOUND. */
export function createRotateAccessToken(ports: UserChangePorts): RotateAccessToken {
  return async (userId) => {
    const token = ports.vault.newAccessToken();
    const hash = ports.vault.hashAccessToken(token);
    await ports.transactions.run(async (tx) => {
      await requireUser(ports.users, userId, tx);
      await ports.users.update(userId, { accessToken: { hash } }, tx);
    });
    return token;
  };
}

/** A deleted user is as absent as one who never was: USER_NOT_FOUND. */
export async function requireUser(
  users: Pick<UserStore, "find">,
  id: number,
  tx?: Tx,
): Promise<User> {
  const user = await users.find(id, tx);
  if (user === undefined || user.status === "deleted") {
    throw fault("USER_NOT_FOUND");
  }
  return user;
}

async function requirePassword(
  { users, passwords }: UserChangePorts,
  id: number,
  password: string,
): Promise<void> {
  const login = await users.findLoginById(id);
  const presented = presentedPassword(password);
  const stored = login === undefined || login.passwordHash === "" ? undefined : login.passwordHash;
  const { isRight } = await passwords.verify(presented ?? "", stored);
  if (presented === undefined || !isRight) {
    throw fault("CREDENTIALS_INVALID", { sentence: "The present password is wrong." });
  }
}

function namesOf(id: number, change: UserChange) {
  return {
    exceptId: id,
    ...(change.username !== undefined && { username: change.username }),
    ...(change.email !== undefined && { email: change.email }),
  };
}
