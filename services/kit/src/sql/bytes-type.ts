import { Type, p } from "@mikro-orm/core";
import type { Platform } from "@mikro-orm/core";

/**
 * Bytes of one fixed length, as ids and hashes have it. Unlike a blob it can be a key on every engine.
 */
class BytesType extends Type<Uint8Array, Uint8Array> {
  override convertToDatabaseValue(value: unknown): Uint8Array {
    return bufferOf(value);
  }

  override convertToJSValue(value: unknown): Uint8Array {
    return bufferOf(value);
  }

  override compareValues(left: unknown, right: unknown): boolean {
    return bufferOf(left).equals(bufferOf(right));
  }

  override getColumnType(property: { readonly length?: number }, platform: Platform): string {
    const declared = platform.getBlobDeclarationSQL();
    // Only MySQL and MariaDB refuse a blob as a key.
    return /^Sqlite|^Postgre/u.test(platform.constructor.name)
      ? declared
      : `binary(${property.length ?? 16})`;
  }
}

/** A column of exactly `length` bytes. */
export function fixedBytesColumn(length: number) {
  return p.type(BytesType).length(length).$type<Uint8Array>();
}

function bufferOf(value: unknown): Buffer {
  if (value instanceof Uint8Array) {
    return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  }
  throw new TypeError(`expected bytes, got a ${typeof value}`);
}
