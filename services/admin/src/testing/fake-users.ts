import { randomBytes } from "node:crypto";
import { create } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import type { UpdateUserRequest, User, UserService } from "@tollgate/proto/quota/v1/user_service";
import { UserSchema, UserStatus } from "@tollgate/proto/quota/v1/user_service";
import { fakeFaults } from "./fake-faults.ts";

/** A user with secrets, as a test sees it. */
export interface FakeUser {
  readonly user: User;
  password: string;
  accessToken: string;
}

/** Users in memory, by the rules of the real service as far as callers can see them. */
export interface FakeUsers {
  readonly rows: Map<bigint, FakeUser>;
  readonly service: Partial<ServiceImpl<typeof UserService>>;
  add(fields: {
    readonly username: string;
    readonly role?: number;
    readonly group?: string;
  }): FakeUser;
  get(id: bigint): FakeUser;
}

/** The password of every user that a test adds. */
export const fakePassword = "correct horse";

/** Makes an installation without users. */
export function createFakeUsers(): FakeUsers {
  const rows = new Map<bigint, FakeUser>();
  const get = (id: bigint): FakeUser => {
    const row = rows.get(id);
    if (row === undefined || row.user.status === UserStatus.DELETED) {
      throw fakeFaults.fault("USER_NOT_FOUND");
    }
    return row;
  };
  const byName = (username: string): FakeUser | undefined =>
    [...rows.values()].find(({ user }) => user.username === username);
  const add: FakeUsers["add"] = ({ username, role = 1, group = "default" }) => {
    if (byName(username) !== undefined) {
      throw fakeFaults.fault("USERNAME_TAKEN");
    }
    const id = BigInt(rows.size + 1);
    const user = create(UserSchema, {
      id,
      username,
      displayName: username,
      role,
      status: UserStatus.ENABLED,
      group,
      invitationCode: `inv${id}`,
      createdAt: 1_700_000_000n,
      sessionVersion: 1,
    });
    const row = { user, password: fakePassword, accessToken: randomBytes(16).toString("hex") };
    rows.set(id, row);
    return row;
  };
  const service: FakeUsers["service"] = {
    getSetupState: () => ({ hasRoot: [...rows.values()].some(({ user }) => user.role === 100) }),
    createRootUser({ username, password }) {
      if ([...rows.values()].some(({ user }) => user.role === 100)) {
        throw fakeFaults.fault("ROOT_EXISTS");
      }
      const row = add({ username, role: 100 });
      row.password = password;
      row.user.balanceNanos = 10n ** 18n;
      return { user: row.user };
    },
    authenticatePassword({ username, password }) {
      const row = byName(username);
      if (row === undefined || row.password !== password) {
        throw fakeFaults.fault("CREDENTIALS_WRONG");
      }
      return { user: row.user };
    },
    authenticateAccessToken({ accessToken }) {
      const row = [...rows.values()].find((candidate) => candidate.accessToken === accessToken);
      if (row === undefined) {
        throw fakeFaults.fault("CREDENTIALS_WRONG");
      }
      return { user: row.user };
    },
    rotateAccessToken({ userId }) {
      const row = get(userId);
      row.accessToken = randomBytes(16).toString("hex");
      return { accessToken: row.accessToken };
    },
    createUser({ username, password, role, displayName, email }) {
      const row = add({ username, role });
      row.password = password;
      row.user.displayName = displayName || username;
      row.user.email = email;
      return { user: row.user };
    },
    getUser({ id, username }) {
      return { user: id === 0n ? (byName(username) ?? get(0n)).user : get(id).user };
    },
    listUsers({ range, role, status, group }) {
      const all = [...rows.values()]
        .map(({ user }) => user)
        .filter(
          (user) =>
            user.status !== UserStatus.DELETED &&
            (role === 0 || user.role === role) &&
            (status === UserStatus.UNSPECIFIED || user.status === status) &&
            (group === "" || user.group === group) &&
            user.username.startsWith(range?.keyword ?? ""),
        )
        .toReversed();
      if (range?.sort === "balance_nanos") {
        all.sort((left, right) => Number(right.balanceNanos - left.balanceNanos));
      }
      const offset = range?.offset ?? 0;
      return {
        users: all.slice(offset, offset + (range?.limit ?? 10)),
        total: BigInt(all.length),
      };
    },
    updateUser(changes) {
      const row = get(changes.id);
      if (changes.currentPassword !== undefined && changes.currentPassword !== row.password) {
        throw fakeFaults.fault("CREDENTIALS_WRONG");
      }
      const isRoot = row.user.role === 100;
      if (isRoot && (changes.status === UserStatus.DISABLED || changes.role !== undefined)) {
        throw fakeFaults.fault("ROOT_IMMUNE");
      }
      applyChanges(row, changes);
      return { user: row.user };
    },
    deleteUser({ id }) {
      const row = get(id);
      if (row.user.role === 100) {
        throw fakeFaults.fault("ROOT_IMMUNE");
      }
      row.user.status = UserStatus.DELETED;
      row.user.sessionVersion += 1;
      return {};
    },
  };
  return { rows, service, add, get };
}

function applyChanges(row: FakeUser, changes: UpdateUserRequest): void {
  const { user } = row;
  user.username = changes.username ?? user.username;
  user.displayName = changes.displayName ?? user.displayName;
  user.email = changes.email ?? user.email;
  user.group = changes.group ?? user.group;
  row.password = changes.password ?? row.password;
  user.role = changes.role ?? user.role;
  user.status = changes.status ?? user.status;
  user.strict = changes.strict ?? user.strict;
  const endsSessions = [changes.password, changes.role, changes.status].some(
    (value) => value !== undefined,
  );
  user.sessionVersion += endsSessions ? 1 : 0;
}
