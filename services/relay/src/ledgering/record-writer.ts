/**
 * Writes protobuf fields straight into a buffer. The journal takes two or three records of every call, and the generated
 * encoder costs about ten times as much; a test proves that both say the same. Fields with their default value are left out,
 * as proto3 wants. The caller sees to it that there is room.
 */
export class RecordWriter {
  #bytes: Buffer;
  #position: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#position = 0;
  }

  get position(): number {
    return this.#position;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  /** Goes on in another buffer. */
  reset(bytes: Buffer, position: number): void {
    this.#bytes = bytes;
    this.#position = position;
  }

  /** A whole number >= 0, up to 2^53 - 1. */
  uint(tag: number, value: number): void {
    if (value !== 0) {
      this.#bytes[this.#position++] = tag;
      this.#varint(value);
    }
  }

  /** int64 as a bigint. */
  int64(tag: number, value: bigint): void {
    if (value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER)) {
      this.uint(tag, Number(value));
      return;
    }
    this.#bytes[this.#position++] = tag;
    let rest = BigInt.asUintN(64, value);
    while (rest > 0x7fn) {
      this.#bytes[this.#position++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#bytes[this.#position++] = Number(rest);
  }

  /** {@link uint} for a tag of two bytes (fields 16 to 2047). */
  wideUint(tagLow: number, tagHigh: number, value: number): void {
    if (value !== 0) {
      this.#bytes[this.#position++] = tagLow;
      this.uint(tagHigh, value);
    }
  }

  /** {@link text} for a tag of two bytes. */
  wideText(tagLow: number, tagHigh: number, value: string): void {
    if (value !== "") {
      this.#bytes[this.#position++] = tagLow;
      this.text(tagHigh, value);
    }
  }

  /** {@link blob} for a tag of two bytes. */
  wideBlob(tagLow: number, tagHigh: number, value: Uint8Array): void {
    if (value.length > 0) {
      this.#bytes[this.#position++] = tagLow;
      this.blob(tagHigh, value);
    }
  }

  flag(tag: number, value: boolean): void {
    if (value) {
      this.#bytes[this.#position++] = tag;
      this.#bytes[this.#position++] = 1;
    }
  }

  blob(tag: number, value: Uint8Array): void {
    if (value.length > 0) {
      this.#bytes[this.#position++] = tag;
      this.#varint(value.length);
      this.#bytes.set(value, this.#position);
      this.#position += value.length;
    }
  }

  text(tag: number, value: string): void {
    if (value === "") {
      return;
    }
    this.#bytes[this.#position++] = tag;
    if (value.length < 0x80 && this.#asciiText(value)) {
      return;
    }
    const length = Buffer.byteLength(value);
    this.#varint(length);
    this.#position += this.#bytes.write(value, this.#position, length, "utf8");
  }

  /** Opens a nested message; the answer goes to {@link closeMessage}. */
  openMessage(tag: number): number {
    this.#bytes[this.#position] = tag;
    // Room for a length of three bytes: a varint need not be the shortest one.
    this.#position += 4;
    return this.#position;
  }

  closeMessage(start: number): void {
    const length = this.#position - start;
    this.#bytes[start - 3] = (length & 0x7f) | 0x80;
    this.#bytes[start - 2] = ((length >>> 7) & 0x7f) | 0x80;
    this.#bytes[start - 1] = length >>> 14;
  }

  #varint(value: number): void {
    let rest = value;
    while (rest > 0x7fff_ffff) {
      this.#bytes[this.#position++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    while (rest > 0x7f) {
      this.#bytes[this.#position++] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#bytes[this.#position++] = rest;
  }

  /** Most texts are short names: copied here without a call into native code. False = nothing is written. */
  #asciiText(value: string): boolean {
    let position = this.#position + 1;
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index);
      if (unit > 0x7f) {
        return false;
      }
      this.#bytes[position++] = unit;
    }
    this.#bytes[this.#position] = value.length;
    this.#position = position;
    return true;
  }
}
