import { Type, defineEntity, p } from "@mikro-orm/core";
import type { Platform } from "@mikro-orm/core";
import { int64Column } from "@tollgate/kit/sql/money-type";

/** A text of up to 16 MiB; MySQL's plain text ends at 64 KiB. */
class LongTextType extends Type<string, string> {
  override getColumnType(_property: unknown, platform: Platform): string {
    const isMysql = /^(?:MySql|MariaDb)/u.test(platform.constructor.name);
    return isMysql ? "mediumtext" : "text";
  }
}

/** A signed-in browser; times are seconds since 1970. */
const adminSession = defineEntity({
  name: "AdminSession",
  tableName: "admin_sessions",
  indexes: [
    { name: "admin_sessions_user", properties: ["userId"] },
    { name: "admin_sessions_expiry", properties: ["expiresAt"] },
  ],
  properties: {
    hash: p.string().length(64).primary(),
    userId: int64Column().name("user_id"),
    createdAt: int64Column().name("created_at"),
    lastSeenAt: int64Column().name("last_seen_at"),
    expiresAt: int64Column().name("expires_at"),
    sessionVersion: int64Column().name("session_version"),
  },
});

/** An option that differs from its default; secrets are sealed. */
const adminOption = defineEntity({
  name: "AdminOption",
  tableName: "admin_options",
  properties: {
    optionKey: p.string().length(64).primary().name("option_key"),
    optionValue: p.type(LongTextType).$type<string>().name("option_value"),
    sealed: p.integer(),
  },
});

/** Every table of this service. */
export const entities = [adminSession, adminOption] as const;
