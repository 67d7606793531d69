import { create } from "@bufbuild/protobuf";
import { UserSchema, UserStatus as WireUserStatus } from "@tollgate/proto/quota/v1/user_service";
import type {
  CreateUserRequest,
  ListUsersRequest,
  UpdateUserRequest,
  User as WireUser,
} from "@tollgate/proto/quota/v1/user_service";
import { fault } from "#domain/faults.ts";
import type { User, UserStatus } from "#domain/user.ts";
import type { CreateUserInput } from "#usecases/identity/create-user.ts";
import type { UserFilter } from "#usecases/identity/identity-ports.ts";
import type { UpdateUserInput } from "#usecases/identity/update-user.ts";
import { numberFromWire } from "./wire-number.ts";

const wireStatuses = Object.freeze({
  enabled: WireUserStatus.ENABLED,
  disabled: WireUserStatus.DISABLED,
  deleted: WireUserStatus.DELETED,
}) satisfies Readonly<Record<UserStatus, WireUserStatus>>;

export function userToWire(user: User): WireUser {
  return create(UserSchema, {
    id: BigInt(user.id),
    username: user.username,
    displayName: user.displayName,
    role: user.role,
    status: wireStatuses[user.status],
    email: user.email,
    group: user.group,
    balanceNanos: user.balanceNanos,
    heldNanos: user.heldNanos,
    usedNanos: user.usedNanos,
    requestCount: BigInt(user.requestCount),
    invitationCode: user.invitationCode,
    inviterId: BigInt(user.inviterId),
    createdAt: BigInt(user.createdAt),
    sessionVersion: user.sessionVersion,
    strict: user.isStrict,
  });
}

export function createUserFromWire(request: CreateUserRequest): CreateUserInput {
  return {
    username: request.username,
    password: request.password,
    displayName: request.displayName,
    role: request.role,
    email: request.email,
    inviterCode: request.inviterCode.slice(0, 64),
    hasDefaultKey: request.withDefaultKey,
  };
}

export function updateUserFromWire(request: UpdateUserRequest): UpdateUserInput {
  const { username, password, displayName, role, status, email, group, strict } = request;
  return {
    id: numberFromWire(request.id),
    ...(username !== undefined && { username }),
    ...(password !== undefined && { password }),
    ...(displayName !== undefined && { displayName }),
    ...(role !== undefined && { role }),
    ...(status !== undefined && { status: userStatusFromWire(status) }),
    ...(email !== undefined && { email }),
    ...(group !== undefined && { group }),
    ...(strict !== undefined && { isStrict: strict }),
    ...(request.currentPassword !== undefined && { currentPassword: request.currentPassword }),
  };
}

export function userFilterFromWire(request: ListUsersRequest): UserFilter {
  const isAnyStatus = request.status === WireUserStatus.UNSPECIFIED;
  return {
    ...(request.role !== 0 && { role: request.role }),
    ...(!isAnyStatus && { status: userStatusFromWire(request.status) }),
    ...(request.group !== "" && { group: request.group }),
  };
}

function userStatusFromWire(status: WireUserStatus): UserStatus {
  switch (status) {
    case WireUserStatus.ENABLED:
      return "enabled";
    case WireUserStatus.DISABLED:
      return "disabled";
    case WireUserStatus.DELETED:
      return "deleted";
    default:
      throw fault("STATUS_INVALID");
  }
}
