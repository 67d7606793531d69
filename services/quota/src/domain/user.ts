import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "./faults.ts";

/** One API's roles. */
export const roles = Object.freeze({ common: 1, admin: 10, root: 100 });

/** Stored as One API's numbers: 1, 2, 3. */
export type UserStatus = "enabled" | "disabled" | "deleted";

/** A customer or operator, without secrets. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly displayName: string;
  readonly role: number;
  readonly status: UserStatus;
  /** "" = none. */
  readonly email: string;
  readonly group: string;
  /** Posted balance, including what leases hold. */
  readonly balanceNanos: NanoUsd;
  readonly heldNanos: NanoUsd;
  readonly usedNanos: NanoUsd;
  readonly requestCount: number;
  readonly invitationCode: string;
  /** 0 = nobody. */
  readonly inviterId: number;
  /** Seconds since 1970. */
  readonly createdAt: number;
  /** Grows when the sessions of the user must end. */
  readonly sessionVersion: number;
  /** Not trusted with money set aside for several calls: every call reserves for itself. */
  readonly isStrict: boolean;
}

const usernamePattern = /^[\p{L}\p{M}\p{N}_.@-]{1,64}$/u;
// Enough to catch slips; only a mail that arrives proves an address.
const emailPattern = /^[^\s@\p{Cc},;<>"]{1,64}@[^\s@\p{Cc},;<>"]{1,189}$/u;
const groupPattern = /^[^\s,\p{Cc}]{1,32}$/u;
const accessTokenPattern = /^[\x21-\x7e]{16,128}$/u;
const displayNamePattern = /^[^\p{Cc}]{0,64}$/u;

/** The group of new users, as in One API. */
export const defaultGroup = "default";

/** The name as it is stored: composed (NFC), so that look-alikes made of the same letters are one name. */
export function checkUsername(username: string): string {
  const composed = username.normalize("NFC");
  if (!usernamePattern.test(composed)) {
    throw fault("USERNAME_INVALID");
  }
  return composed;
}

/** Throws DISPLAY_NAME_INVALID. */
export function checkDisplayName(displayName: string): string {
  if (!displayNamePattern.test(displayName)) {
    throw fault("DISPLAY_NAME_INVALID");
  }
  return displayName;
}

/** "" is allowed and means none. Throws EMAIL_INVALID. */
export function checkEmail(email: string): string {
  const trimmed = email.trim();
  if (trimmed !== "" && !emailPattern.test(trimmed)) {
    throw fault("EMAIL_INVALID");
  }
  return trimmed;
}

/** A management access token chosen by an operator. Throws ACCESS_TOKEN_FORMAT. */
export function checkAccessToken(token: string): string {
  if (!accessTokenPattern.test(token)) {
    throw fault("ACCESS_TOKEN_FORMAT");
  }
  return token;
}

/** What two spellings of one address have in common; undefined for no address. */
export function emailKey(email: string): string | undefined {
  return email === "" ? undefined : email.toLowerCase();
}

/** 1 to 32 characters that can stand in a comma list. */
export function isGroupName(group: string): boolean {
  return groupPattern.test(group);
}

/** Throws GROUP_INVALID. */
export function checkGroup(group: string): string {
  if (!isGroupName(group)) {
    throw fault("GROUP_INVALID");
  }
  return group;
}

/** Roles that can be given; root is made by the setup only. Throws ROLE_INVALID. */
export function checkRole(role: number): number {
  if (role !== roles.common && role !== roles.admin) {
    throw fault("ROLE_INVALID");
  }
  return role;
}

/** Fields of a change; an absent one stays. */
export interface UserChange {
  readonly username?: string;
  readonly displayName?: string;
  readonly role?: number;
  readonly status?: UserStatus;
  readonly email?: string;
  readonly group?: string;
  readonly isStrict?: boolean;
}

/** The checked change. Root keeps its role and stays enabled: ROOT_PROTECTED. */
export function checkUserChange(user: Pick<User, "role">, change: UserChange): UserChange {
  if (user.role === roles.root) {
    refuseForRoot(change);
  }
  if (change.status === "deleted") {
    throw fault("STATUS_INVALID");
  }
  return {
    ...change,
    ...(change.username !== undefined && { username: checkUsername(change.username) }),
    ...(change.displayName !== undefined && { displayName: checkDisplayName(change.displayName) }),
    ...(change.role !== undefined && user.role !== roles.root && { role: checkRole(change.role) }),
    ...(change.email !== undefined && { email: checkEmail(change.email) }),
    ...(change.group !== undefined && { group: checkGroup(change.group) }),
  };
}

/** Sessions end with a new role or status; they outlive a new name, group or address. */
export function endsSessions(user: Pick<User, "role" | "status">, change: UserChange): boolean {
  return (
    (change.role !== undefined && change.role !== user.role) ||
    (change.status !== undefined && change.status !== user.status)
  );
}

function refuseForRoot(change: UserChange): void {
  const isDemoted = change.role !== undefined && change.role !== roles.root;
  const isDisabled = change.status !== undefined && change.status !== "enabled";
  if (isDemoted || isDisabled) {
    throw fault("ROOT_PROTECTED");
  }
}
