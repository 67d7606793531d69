import { readText } from "./text-cache.ts";

const wireTypes = { varint: 0, bit64: 1, delimited: 2, bit32: 5 } as const;
const uint32Span = 2 ** 32;
const varintBitsMax = 70;

/**
 * A cursor over the protobuf wire format: field by field, without descriptors and without intermediate objects. A class, because one is
 * made for every settled call. Throws a `RangeError` for bytes that are no message.
 */
export class WireReader {
  readonly #buffer: Buffer;
  #end: number;
  #position: number;
  #field = 0;
  #wireType = 0;
  // A varint as two halves, so that 64 bits need no bigint.
  #low = 0;
  #high = 0;

  constructor(buffer: Buffer, position: number, end: number) {
    this.#buffer = buffer;
    this.#position = position;
    this.#end = end;
  }

  /** Number of the present field. */
  get field(): number {
    return this.#field;
  }

  /** Goes to the next field; false at the end. */
  next(): boolean {
    if (this.#position >= this.#end) {
      return false;
    }
    this.#readVarint();
    this.#field = this.#low >>> 3;
    this.#wireType = this.#low & 7;
    if (this.#field === 0 || this.#high !== 0) {
      throw new RangeError("a field has no number");
    }
    return true;
  }

  uint32(): number {
    this.#expect(wireTypes.varint);
    this.#readVarint();
    return this.#low;
  }

  int64(): bigint {
    this.#expect(wireTypes.varint);
    this.#readVarint();
    return this.#high < uint32Span / 2048
      ? BigInt(this.#high * uint32Span + this.#low)
      : BigInt.asIntN(64, BigInt(this.#high) * BigInt(uint32Span) + BigInt(this.#low));
  }

  /** An int64 that must be a safe integer of at least 0. */
  int64Number(): number {
    this.#expect(wireTypes.varint);
    this.#readVarint();
    const value = this.#high * uint32Span + this.#low;
    if (!Number.isSafeInteger(value)) {
      throw new RangeError("a number is out of range");
    }
    return value;
  }

  /** A view of the same memory. */
  bytes(): Uint8Array {
    const stop = this.#readLength();
    const value = this.#buffer.subarray(this.#position, stop);
    this.#position = stop;
    return value;
  }

  /** At most so many characters of a text that is likely to come again, without NUL, which PostgreSQL cannot store. */
  name(charactersMax: number): string {
    const stop = this.#readLength();
    const value = readText(this.#buffer, this.#position, stop);
    this.#position = stop;
    return storable(value, charactersMax);
  }

  /** The same for a text that is unlikely to come again. */
  text(charactersMax: number): string {
    const stop = this.#readLength();
    const value = this.#buffer.toString("utf8", this.#position, stop);
    this.#position = stop;
    return storable(value, charactersMax);
  }

  /** Goes into the message in the present field; answers what {@link leave} needs, once all its fields are read. */
  enter(): number {
    const stop = this.#readLength();
    const outerEnd = this.#end;
    this.#end = stop;
    return outerEnd;
  }

  /** Goes on behind the message. */
  leave(outerEnd: number): void {
    this.#end = outerEnd;
  }

  skip(): void {
    switch (this.#wireType) {
      case wireTypes.varint:
        this.#readVarint();
        break;
      case wireTypes.bit64:
        this.#advance(8);
        break;
      case wireTypes.delimited:
        this.#position = this.#readLength();
        break;
      case wireTypes.bit32:
        this.#advance(4);
        break;
      default:
        throw new RangeError("a field has an unknown type");
    }
  }

  #expect(type: number): void {
    if (this.#wireType !== type) {
      throw new RangeError("a field has another type than expected");
    }
  }

  #advance(bytes: number): void {
    if (this.#position + bytes > this.#end) {
      throw new RangeError("the message ends too early");
    }
    this.#position += bytes;
  }

  /** The end of a delimited field, whose content begins at the position. */
  #readLength(): number {
    this.#expect(wireTypes.delimited);
    this.#readVarint();
    const stop = this.#position + this.#low;
    if (this.#high !== 0 || stop > this.#end) {
      throw new RangeError("the message ends too early");
    }
    return stop;
  }

  #readVarint(): void {
    const first = this.#buffer[this.#position] ?? 0;
    if (first < 0x80 && this.#position < this.#end) {
      this.#position += 1;
      this.#low = first;
      this.#high = 0;
      return;
    }
    this.#readLongVarint();
  }

  #readLongVarint(): void {
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < varintBitsMax; shift += 7) {
      this.#advance(1);
      const byte = this.#buffer[this.#position - 1] ?? 0;
      const bits = byte & 0x7f;
      if (shift < 28) {
        low |= bits << shift;
      } else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else {
        high |= bits << (shift - 32);
      }
      if (byte < 0x80) {
        this.#low = low >>> 0;
        this.#high = high >>> 0;
        return;
      }
    }
    throw new RangeError("a number is too long");
  }
}

function storable(text: string, charactersMax: number): string {
  const cut = text.length > charactersMax ? text.slice(0, charactersMax) : text;
  return cut.includes("\0") ? cut.replaceAll("\0", " ") : cut;
}

/** Reads `bytes` from the beginning. */
export function openWireReader(bytes: Uint8Array): WireReader {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return new WireReader(buffer, 0, bytes.length);
}
