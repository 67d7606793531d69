import { fault } from "#domain/faults.ts";
import { checkListRange } from "#domain/list-range.ts";
import type { ListRange, Page } from "#domain/list-range.ts";
import type { User } from "#domain/user.ts";
import { canSignIn } from "./create-root-user.ts";
import { userSorts } from "./identity-ports.ts";
import type { UserFilter, UserStore } from "./identity-ports.ts";

/** Reads users. */
export interface ReadUsers {
  /** By id, or by name when the id is undefined. Also a deleted one by id. Throws USER_NOT_FOUND. */
  readonly get: (name: {
    readonly id: number | undefined;
    readonly username: string;
  }) => Promise<User>;
  /** Throws LIST_RANGE_INVALID and SORT_UNKNOWN. */
  readonly list: (filter: UserFilter, range: ListRange) => Promise<Page<User>>;
  /** True once somebody can sign in as root. */
  readonly hasRoot: () => Promise<boolean>;
}

export function createReadUsers(users: UserStore): ReadUsers {
  return {
    get: async ({ id, username }) => {
      const user =
        id === undefined
          ? await users.findByUsername(username.slice(0, 64).normalize("NFC"))
          : await users.find(id);
      if (user === undefined) {
        throw fault("USER_NOT_FOUND");
      }
      return user;
    },
    list: async (filter, range) => users.list(filter, checkListRange(range, userSorts)),
    hasRoot: async () => canSignIn(await users.findRoot()),
  };
}
