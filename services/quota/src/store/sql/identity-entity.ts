/**
 * People, their keys, the operator's settings and the part of the log that is no consumption. Money of users and counters
 * of keys are the money half's tables (`wallets`, `key_caps`). No secret is stored that could be used as it is.
 */
import { defineEntity, p } from "@mikro-orm/core";
import { fixedBytesColumn } from "@tollgate/kit/sql/bytes-type";
import { int64Column } from "@tollgate/kit/sql/money-type";
import { longTextColumn } from "./long-text-type.ts";

/** A customer or operator. Deleted ones stay, under another name, because history refers to them. */
const UserEntity = defineEntity({
  name: "User",
  tableName: "users",
  indexes: [{ name: "users_display_name", properties: ["displayName"] }],
  properties: {
    id: p.integer().primary(),
    username: p.string().length(64).unique(),
    displayName: p.string().length(64),
    /** 1 common, 10 admin, 100 root. */
    role: p.smallint(),
    /** 1 enabled, 2 disabled, 3 deleted. */
    status: p.smallint(),
    email: p.string().length(255),
    /** The address in lower case; null for none, so that any number of users can have none. */
    emailKey: p.string().length(255).nullable().unique(),
    /** "group" is a reserved word. */
    userGroup: p.string().length(64),
    /** argon2id with its cost; "" = none. */
    passwordHash: p.string().length(255),
    /** HMAC-SHA-256 in hexadecimal; null = none. */
    accessTokenHash: p.string().length(64).nullable().unique(),
    invitationCode: p.string().length(32).unique(),
    /** 0 = nobody. */
    inviterId: p.integer(),
    /** Seconds since 1970. */
    createdAt: int64Column(),
    /** Grows when the sessions of the user must end. */
    sessionVersion: p.integer(),
    /** 1 for the root user, null for all others: there can be only one. */
    rootSlot: p.smallint().nullable().unique(),
    /** Every call reserves for itself. */
    isStrict: p.boolean().default(false),
  },
});

/** A customer key. */
const ApiKeyEntity = defineEntity({
  name: "ApiKey",
  tableName: "api_keys",
  indexes: [{ name: "api_keys_user", properties: ["userId", "id"] }],
  properties: {
    id: p.integer().primary(),
    userId: p.integer(),
    name: p.string().length(64),
    /** 1 enabled, 2 disabled: what was decided. Expired and exhausted are computed. */
    status: p.smallint(),
    /** HMAC-SHA-256 in hexadecimal. */
    secretHash: p.string().length(64).unique(),
    /** AES-256-GCM, for the owner's "show again". */
    secretSealed: p.string().length(1024),
    hint: p.string().length(8),
    /** Seconds since 1970. */
    createdAt: int64Column(),
    /** Seconds since 1970; -1 = never. */
    expiresAt: int64Column(),
    /** JSON list. */
    models: longTextColumn(),
    /** JSON list. */
    subnets: longTextColumn(),
  },
});

/** An operator setting that was ever set. */
const OptionEntity = defineEntity({
  name: "Option",
  tableName: "options",
  properties: {
    optionKey: p.string().length(64).primary(),
    value: longTextColumn(),
    /** The highest one of the table grows with every change. */
    revision: p.integer(),
    /** Seconds since 1970. */
    changedAt: int64Column(),
    /** 0 = the system. */
    actorId: p.integer(),
  },
});

/** A log row that is no consumption. The key is a UUIDv7, so that a window of time is a range of keys. */
const ActivityLogEntity = defineEntity({
  name: "ActivityLog",
  tableName: "activity_log",
  indexes: [{ name: "activity_log_user", properties: ["userId", "id"] }],
  properties: {
    id: fixedBytesColumn(16).primary(),
    /** One API's numbers: 1 top-up, 3 manage, 4 system, 5 test. */
    kind: p.smallint(),
    /** 0 = nobody. */
    userId: p.integer(),
    username: p.string().length(64),
    content: p.string().length(2000),
    channelId: p.integer(),
    model: p.string().length(160),
    durationMs: int64Column(),
  },
});

/** The tables of the identity half. */
export const identityEntities = [UserEntity, ApiKeyEntity, OptionEntity, ActivityLogEntity];
