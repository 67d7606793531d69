import type { UpstreamFault } from "#conversation/upstream-fault.ts";

/** Longest line of an event stream, bytes without its line break. */
export const SSE_LINE_BYTES_MAX = 1024 * 1024;

/** Longest event, all of its lines together, bytes. */
export const SSE_EVENT_BYTES_MAX = 4 * 1024 * 1024;

/** One event, and where its bytes lie: `bytes.subarray(start, end)` is the event as it came, blank line included. */
export interface SseEvent {
  /** The event's name, "" if it has none. */
  readonly event: string;
  /** The data lines joined with "\n". */
  readonly data: string;
  /**
   * Blocks told during one `push` lie in the same array, each starting where the one before ends, so that a run of them
   * can be passed on with one write. The parser never writes to the array again: it may be kept.
   */
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Who listens to the parser. Neither function may throw. */
export interface SseSink {
  readonly onEvent: (event: SseEvent) => void;
  /** A block without data, such as a keep-alive comment: worth passing on, never worth reading. */
  readonly onSilence?: (bytes: Uint8Array, start: number, end: number) => void;
}

/** Bytes in, events out. */
export interface SseParser {
  /**
   * Takes the next bytes, however they are cut; they must not be written to afterwards. A fault (kind `protocol`) ends
   * the stream: what is pushed after it is ignored.
   */
  readonly push: (chunk: Uint8Array) => UpstreamFault | undefined;
  /** The body has ended: an event that lacks only its blank line is still told. */
  readonly end: () => void;
}

const LF = 10;
const CR = 13;
const COLON = 58;
const SPACE = 32;
const NONE = Number.MAX_SAFE_INTEGER;
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const DATA = Buffer.from("data");
const EVENT = Buffer.from("event");
const EMPTY = Buffer.alloc(0);

/**
 * Makes a parser of `text/event-stream` for one body. It knows LF, CRLF and CR, comments, a byte order mark, data over
 * several lines and `data:` without a space, and does not care where the bytes or their UTF-8 sequences are cut.
 */
export function createSseParser(sink: SseSink): SseParser {
  const parser = new EventStreamParser(sink);
  return {
    push: (chunk) => parser.push(chunk),
    end: () => {
      parser.end();
    },
  };
}

/** The state of one parse. */
class EventStreamParser {
  readonly #sink: SseSink;
  readonly #pending = createPendingBytes();
  #lineStart = 0;
  /** No line ends between `#lineStart` and here. */
  #scanned = 0;
  #isAtBodyStart = true;
  #mustSkipLf = false;
  #eventName = "";
  #data: string | undefined;
  #fault: UpstreamFault | undefined;

  constructor(sink: SseSink) {
    this.#sink = sink;
  }

  push(chunk: Uint8Array): UpstreamFault | undefined {
    if (this.#fault !== undefined || chunk.byteLength === 0) {
      return this.#fault;
    }
    const moved = this.#pending.append(chunk);
    this.#lineStart -= moved;
    this.#scanned -= moved;
    if (!this.#isAtBodyStart || this.#passByteOrderMark()) {
      this.#readLines();
      this.#checkSizes();
    }
    return this.#fault;
  }

  end(): void {
    const { end, start } = this.#pending;
    if (this.#fault === undefined && this.#lineStart < end) {
      this.#readLine(end);
      this.#lineStart = end;
    }
    if (this.#fault === undefined && start < end) {
      this.#finishEvent(end);
    }
  }

  #readLines(): void {
    const pending = this.#pending;
    this.#passLf();
    let from = Math.max(this.#scanned, this.#lineStart);
    let cr = pending.find(CR, from);
    let lineEnd = Math.min(pending.find(LF, from), cr);
    while (lineEnd !== NONE && this.#fault === undefined) {
      const isBlank = lineEnd === this.#lineStart;
      if (!isBlank) {
        this.#readLine(lineEnd);
      }
      this.#mustSkipLf = lineEnd === cr;
      this.#lineStart = lineEnd + 1;
      this.#passLf();
      if (isBlank) {
        this.#finishEvent(this.#lineStart);
      }
      from = this.#lineStart;
      cr = cr < from ? pending.find(CR, from) : cr;
      lineEnd = Math.min(pending.find(LF, from), cr);
    }
    this.#scanned = pending.end;
  }

  #readLine(end: number): void {
    const start = this.#lineStart;
    if (end - start > SSE_LINE_BYTES_MAX) {
      this.#fault = tooLong("SSE_LINE_TOO_LONG", "a line", SSE_LINE_BYTES_MAX);
      return;
    }
    const { bytes } = this.#pending;
    const value = fieldValueAt(bytes, start, { end, name: DATA });
    if (value >= 0) {
      const line = bytes.toString("utf8", value, end);
      this.#data = this.#data === undefined ? line : `${this.#data}\n${line}`;
      return;
    }
    const name = fieldValueAt(bytes, start, { end, name: EVENT });
    if (name >= 0) {
      this.#eventName = bytes.toString("utf8", name, end);
    }
  }

  #finishEvent(end: number): void {
    const { bytes, start } = this.#pending;
    const data = this.#data;
    const event = this.#eventName;
    this.#pending.start = end;
    this.#data = undefined;
    this.#eventName = "";
    if (data === undefined) {
      this.#sink.onSilence?.(bytes, start, end);
    } else {
      this.#sink.onEvent({ event, data, bytes, start, end });
    }
  }

  /** The LF of a CRLF belongs to the line break, also if it comes with the next bytes. */
  #passLf(): void {
    if (this.#mustSkipLf && this.#lineStart < this.#pending.end) {
      this.#mustSkipLf = false;
      this.#lineStart += this.#pending.bytes[this.#lineStart] === LF ? 1 : 0;
    }
  }

  /** False as long as it is open whether the body starts with a byte order mark. */
  #passByteOrderMark(): boolean {
    const { bytes, end } = this.#pending;
    const length = Math.min(end, BYTE_ORDER_MARK.length);
    const isMark = BYTE_ORDER_MARK.compare(bytes, 0, length, 0, length) === 0;
    if (isMark && length < BYTE_ORDER_MARK.length) {
      return false;
    }
    this.#lineStart = isMark ? BYTE_ORDER_MARK.length : 0;
    this.#isAtBodyStart = false;
    return true;
  }

  #checkSizes(): void {
    const { start, end } = this.#pending;
    if (end - this.#lineStart > SSE_LINE_BYTES_MAX) {
      this.#fault ??= tooLong("SSE_LINE_TOO_LONG", "a line", SSE_LINE_BYTES_MAX);
    }
    if (end - start > SSE_EVENT_BYTES_MAX) {
      this.#fault ??= tooLong("SSE_EVENT_TOO_LONG", "an event", SSE_EVENT_BYTES_MAX);
    }
  }
}

/** The bytes from the start of the event that is being read to the end of what was pushed. */
interface PendingBytes {
  bytes: Buffer;
  /** Where the event starts. */
  start: number;
  /** Where the pushed bytes end. */
  end: number;
  /** Adds bytes; answers by how much every position has moved to the front. */
  append: (chunk: Uint8Array) => number;
  /** Position of the next such byte, or NONE. */
  find: (byte: number, from: number) => number;
}

function createPendingBytes(): PendingBytes {
  // Only an array that was made here and of which nothing was told may be written to.
  let isOwned = false;
  const pending: PendingBytes = {
    bytes: EMPTY,
    start: 0,
    end: 0,
    append: (chunk) => {
      const moved = pending.start;
      const kept = pending.end - pending.start;
      const length = kept + chunk.byteLength;
      if (kept === 0) {
        pending.bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
        isOwned = false;
      } else {
        if (!isOwned || pending.start > 0 || length > pending.bytes.byteLength) {
          const grown = Buffer.allocUnsafe(length * 2);
          pending.bytes.copy(grown, 0, pending.start, pending.end);
          pending.bytes = grown;
          isOwned = true;
        }
        pending.bytes.set(chunk, kept);
      }
      pending.start = 0;
      pending.end = length;
      return moved;
    },
    find: (byte, from) => {
      const at = pending.bytes.indexOf(byte, from);
      return at < 0 || at >= pending.end ? NONE : at;
    },
  };
  return pending;
}

/** Where the value of a field starts, if the line is that field; else -1. */
function fieldValueAt(
  bytes: Buffer,
  start: number,
  line: { readonly end: number; readonly name: Buffer },
): number {
  const { end, name } = line;
  const nameEnd = start + name.length;
  if (nameEnd > end || bytes[start] !== name[0]) {
    return -1;
  }
  for (let offset = 1; offset < name.length; offset += 1) {
    if (bytes[start + offset] !== name[offset]) {
      return -1;
    }
  }
  if (nameEnd === end) {
    return end;
  }
  if (bytes[nameEnd] !== COLON) {
    return -1;
  }
  return bytes[nameEnd + 1] === SPACE && nameEnd + 1 < end ? nameEnd + 2 : nameEnd + 1;
}

function tooLong(reason: string, what: string, bytesMax: number): UpstreamFault {
  return {
    kind: "protocol",
    status: 200,
    reason,
    message: `The upstream sent ${what} of more than ${bytesMax} bytes in its event stream.`,
  };
}
