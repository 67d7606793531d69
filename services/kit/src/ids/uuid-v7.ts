import { randomFillSync } from "node:crypto";

const uuidBytes = 16;
const timeBytes = 6;
const randomBytes = uuidBytes - timeBytes;
// One system call per 409 ids instead of one per id.
const pool = new Uint8Array(4096 - (4096 % randomBytes));
let poolOffset = pool.length;

/** The 16 bytes of a new UUID version 7 (RFC 9562): 48 bits of time, then 74 random bits. */
export function uuidV7Bytes(nowMs: number = Date.now()): Uint8Array {
  const bytes = new Uint8Array(uuidBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, Math.floor(nowMs / 2 ** 32));
  view.setUint32(2, nowMs % 2 ** 32);
  bytes.set(takeRandom(), timeBytes);
  view.setUint8(6, (view.getUint8(6) & 0x0f) | 0x70);
  view.setUint8(8, (view.getUint8(8) & 0x3f) | 0x80);
  return bytes;
}

/** The usual text of 36 lower-case characters. Throws a `RangeError` unless given 16 bytes. */
export function formatUuid(bytes: Uint8Array): string {
  if (bytes.length !== uuidBytes) {
    throw new RangeError(`a UUID has 16 bytes, not ${bytes.length}`);
  }
  const hex = Buffer.from(bytes.buffer, bytes.byteOffset, uuidBytes).toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
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

function takeRandom(): Uint8Array {
  if (poolOffset === pool.length) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  poolOffset += randomBytes;
  return pool.subarray(poolOffset - randomBytes, poolOffset);
}
