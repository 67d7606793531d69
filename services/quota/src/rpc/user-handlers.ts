import type { ServiceImpl } from "@connectrpc/connect";
import type { UserService } from "@tollgate/proto/quota/v1/user_service";
import type { Authenticate } from "#usecases/identity/authenticate-user.ts";
import type { CreateRootUser } from "#usecases/identity/create-root-user.ts";
import type { CreateUser } from "#usecases/identity/create-user.ts";
import type { ReadUsers } from "#usecases/identity/read-users.ts";
import type { DeleteUser, RotateAccessToken, UpdateUser } from "#usecases/identity/update-user.ts";
import { listRangeFromWire } from "./wire-list.ts";
import { numberFromWire, optionalIdFromWire } from "./wire-number.ts";
import {
  createUserFromWire,
  updateUserFromWire,
  userFilterFromWire,
  userToWire,
} from "./wire-user.ts";

/** The use cases behind `UserService`. */
export interface UserUseCases {
  readonly readUsers: ReadUsers;
  readonly createRootUser: CreateRootUser;
  readonly createUser: CreateUser;
  readonly updateUser: UpdateUser;
  readonly deleteUser: DeleteUser;
  readonly rotateAccessToken: RotateAccessToken;
  readonly authenticate: Authenticate;
}

/** `UserService`, one function per RPC. */
export function createUserHandlers(useCases: UserUseCases): ServiceImpl<typeof UserService> {
  const { readUsers, authenticate } = useCases;
  return {
    getSetupState: async () => ({ hasRoot: await readUsers.hasRoot() }),
    createRootUser: async ({ username, password, accessToken, initialKey }) => ({
      user: userToWire(
        await useCases.createRootUser({ username, password, accessToken, initialKey }),
      ),
    }),
    authenticatePassword: async ({ username, password }) => ({
      user: userToWire(await authenticate.byPassword(username, password)),
    }),
    authenticateAccessToken: async ({ accessToken }) => ({
      user: userToWire(await authenticate.byAccessToken(accessToken)),
    }),
    rotateAccessToken: async ({ userId }) => ({
      accessToken: await useCases.rotateAccessToken(numberFromWire(userId)),
    }),
    createUser: async (request) => ({
      user: userToWire(await useCases.createUser(createUserFromWire(request))),
    }),
    getUser: async ({ id, username }) => ({
      user: userToWire(await readUsers.get({ id: optionalIdFromWire(id), username })),
    }),
    listUsers: async (request) => {
      const range = listRangeFromWire(request.range);
      const { rows, total } = await readUsers.list(userFilterFromWire(request), range);
      return { users: rows.map(userToWire), total: BigInt(total) };
    },
    updateUser: async (request) => ({
      user: userToWire(await useCases.updateUser(updateUserFromWire(request))),
    }),
    deleteUser: async ({ id }) => {
      await useCases.deleteUser(numberFromWire(id));
      return {};
    },
  };
}
