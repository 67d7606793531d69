import { randomFillSync } from "node:crypto";

const uuidBytes = 16;
const timeBytes = 6;
const randomBytes = uuidBytes - timeBytes;
// One system call per 409 ids instead of one per id.
const pool = new Uint8Array(4096 - (4096 % randomBytes));
let poolOffset = pool.length;

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).padStart(2, "0"),
);

/** The 16 bytes of a new UUID version 7 (RFC 9562): 48 bits of time, then 74 random bits. */
export function uuidV7Bytes(nowMs: number = Date.now()): Uint8Array {
  // Byte by byte: a view or a slice would move the small array out of the heap, which costs more than all the rest.
  const bytes = new Uint8Array(uuidBytes);
  let time = Math.floor(nowMs);
  for (let index = timeBytes - 1; index >= 0; index -= 1) {
    bytes[index] = time % 256;
    time = Math.floor(time / 256);
  }
  if (poolOffset === pool.length) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  for (let index = timeBytes; index < uuidBytes; index += 1) {
    bytes[index] = pool[poolOffset] ?? 0;
    poolOffset += 1;
  }
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes;
}

/** The usual text of 36 lower-case characters. Throws a `RangeError` unless given 16 bytes. */
export function formatUuid(bytes: Uint8Array): string {
  if (bytes.length !== uuidBytes) {
    throw new RangeError(`a UUID has 16 bytes, not ${bytes.length}`);
  }
  return `${hex(bytes, 0, 4)}-${hex(bytes, 4, 6)}-${hex(bytes, 6, 8)}-${hex(bytes, 8, 10)}-${hex(bytes, 10, 16)}`;
}

/** The 16 bytes of the usual text, in any case. Throws a `RangeError` for any other text. */
export function parseUuid(text: string): Uint8Array {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/iu.test(text)) {
    throw new RangeError("not a UUID");
  }
  return new Uint8Array(Buffer.from(text.replaceAll("-", ""), "hex"));
}

/** When a UUID version 7 was made, in milliseconds since 1970. */
export function uuidV7Time(bytes: Uint8Array): number {
  let time = 0;
  for (let index = 0; index < timeBytes; index += 1) {
    time = time * 256 + (bytes[index] ?? 0);
  }
  return time;
}

function hex(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let index = start; index < end; index += 1) {
    text += hexOfByte[bytes[index] ?? 0] ?? "";
  }
  return text;
}
