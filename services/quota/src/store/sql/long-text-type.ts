import { Type, p } from "@mikro-orm/core";
import type { Platform } from "@mikro-orm/core";

/** A text of any length. MySQL's plain "text" ends at 64 KiB. */
class LongTextType extends Type<string, string> {
  override getColumnType(_property: unknown, platform: Platform): string {
    return /^Sqlite|^Postgre/u.test(platform.constructor.name) ? "text" : "longtext";
  }
}

/** A column for texts that may be long, such as tables of ratios. */
export function longTextColumn() {
  return p.type(LongTextType).$type<string>();
}
