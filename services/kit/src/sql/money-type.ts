import { Type, p } from "@mikro-orm/core";
import type { Platform } from "@mikro-orm/core";
import type { NanoUsd } from "../money/nano-usd.ts";
import { bigintColumn, moneyColumnValue } from "./column-value.ts";

/**
 * A signed 64-bit column read through a text, because the SQLite driver of the ORM rounds integers above 2^53 before any
 * converter sees them. Other engines are exact by themselves, and the cast costs them nothing worth measuring.
 */
class ExactBigintType extends Type<bigint | null, string | null> {
  override convertToDatabaseValue(value: unknown): string | null {
    return value === null ? null : bigintColumn(value).toString();
  }

  override convertToDatabaseValueSQL(key: string, platform: Platform): string {
    return isSqlite(platform) ? `cast(${key} as integer)` : key;
  }

  override convertToJSValue(value: unknown): bigint | null {
    return value === null ? null : bigintColumn(value);
  }

  override convertToJSValueSQL(key: string, platform: Platform): string {
    return isSqlite(platform) ? `cast(${key} as text)` : key;
  }

  override compareAsType(): string {
    return "string";
  }

  override getColumnType(_property: unknown, platform: Platform): string {
    return isSqlite(platform) ? "integer" : "bigint";
  }
}

class MoneyType extends ExactBigintType {
  override convertToJSValue(value: unknown): NanoUsd | null {
    return value === null ? null : moneyColumnValue(value);
  }
}

/** A column of nano-USD, exact on every engine. For a default write `.defaultRaw("0")`. */
export function moneyColumn() {
  return p.type(MoneyType).$type<NanoUsd>();
}

/** A column of any exact 64-bit integer, for example milliseconds since 1970. For a default write `.defaultRaw("0")`. */
export function int64Column() {
  return p.type(ExactBigintType).$type<bigint>();
}

function isSqlite(platform: Platform): boolean {
  return platform.constructor.name.startsWith("Sqlite");
}
