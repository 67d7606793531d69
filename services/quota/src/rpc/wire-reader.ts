/** Reads the protobuf wire format field by field, without descriptors and without intermediate objects. */
export interface WireReader {
  /** Goes to the next field; false at the end. Throws a `RangeError` for bytes that are no message. */
  readonly next: () => boolean;
  /** Number of the present field. */
  readonly field: () => number;
  readonly uint32: () => number;
  readonly int64: () => bigint;
  /** An int64 that must be a safe integer. */
  readonly int64Number: () => number;
  /** A view of the same memory. */
  readonly bytes: () => Uint8Array;
  /** At most so many characters of the text, without NUL, which PostgreSQL cannot store. */
  readonly text: (charactersMax: number) => string;
  readonly message: () => WireReader;
  readonly skip: () => void;
}

const wireTypes = { varint: 0, bit64: 1, delimited: 2, bit32: 5 } as const;
const uint32Span = 2 ** 32;

/** Reads `bytes` from the beginning. */
export function openWireReader(bytes: Uint8Array): WireReader {
  return readRange(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.length);
}

function readRange(buffer: Buffer, from: number, end: number): WireReader {
  let position = from;
  let fieldNumber = 0;
  let wireType = 0;
  // A varint as two halves, so that 64 bits need no bigint.
  let low = 0;
  let high = 0;

  function readByte(): number {
    if (position >= end) {
      throw new RangeError("the message ends too early");
    }
    const byte = buffer[position] ?? 0;
    position += 1;
    return byte;
  }

  function readVarint(): void {
    low = 0;
    high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = readByte();
      const bits = byte & 0x7f;
      if (shift < 28) {
        low += bits * 2 ** shift;
      } else if (shift === 28) {
        low += (bits & 0x0f) * 2 ** 28;
        high = bits >> 4;
      } else {
        high += bits * 2 ** (shift - 32);
      }
      if (byte < 0x80) {
        high %= uint32Span;
        return;
      }
    }
    throw new RangeError("a number is too long");
  }

  function expect(type: number): void {
    if (wireType !== type) {
      throw new RangeError("a field has another type than expected");
    }
  }

  /** The end of a delimited field; its content begins at `position`. */
  function readDelimited(): number {
    expect(wireTypes.delimited);
    readVarint();
    const stop = position + low;
    if (high !== 0 || stop > end) {
      throw new RangeError("the message ends too early");
    }
    return stop;
  }

  return {
    next() {
      if (position >= end) {
        return false;
      }
      readVarint();
      fieldNumber = Math.floor(low / 8);
      wireType = low % 8;
      if (fieldNumber === 0 || high !== 0) {
        throw new RangeError("a field has no number");
      }
      return true;
    },
    field: () => fieldNumber,
    uint32() {
      expect(wireTypes.varint);
      readVarint();
      return low;
    },
    int64() {
      expect(wireTypes.varint);
      readVarint();
      return BigInt.asIntN(64, BigInt(high) * BigInt(uint32Span) + BigInt(low));
    },
    int64Number() {
      expect(wireTypes.varint);
      readVarint();
      const value = high * uint32Span + low;
      if (!Number.isSafeInteger(value)) {
        throw new RangeError("a number is out of range");
      }
      return value;
    },
    bytes() {
      const stop = readDelimited();
      const value = buffer.subarray(position, stop);
      position = stop;
      return value;
    },
    text(charactersMax) {
      const stop = readDelimited();
      const value = buffer.toString("utf8", position, stop);
      position = stop;
      const cut = value.length > charactersMax ? value.slice(0, charactersMax) : value;
      return cut.includes("\0") ? cut.replaceAll("\0", " ") : cut;
    },
    message() {
      const stop = readDelimited();
      const inner = readRange(buffer, position, stop);
      position = stop;
      return inner;
    },
    skip() {
      switch (wireType) {
        case wireTypes.varint:
          readVarint();
          break;
        case wireTypes.bit64:
          position += 8;
          break;
        case wireTypes.delimited:
          position = readDelimited();
          break;
        case wireTypes.bit32:
          position += 4;
          break;
        default:
          throw new RangeError("a field has an unknown type");
      }
      if (position > end) {
        throw new RangeError("the message ends too early");
      }
    },
  };
}
