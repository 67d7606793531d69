/** Steps over JSON in UTF-8 bytes. All are iterative, and answer the length of the bytes where the text ends too early. */

export const QUOTE = 34;
export const COMMA = 44;
export const COLON = 58;
export const BRACKET_OPEN = 91;
export const BRACKET_CLOSE = 93;
export const BRACE_OPEN = 123;
export const BRACE_CLOSE = 125;
const BACKSLASH = 92;

/** Strings up to this length are stepped over by hand; for longer ones the native search pays off. */
const SHORT_STRING = 48;

/** Position after the string whose opening quote is at `from`. */
export function afterString(bytes: Buffer, from: number): number {
  let at = from + 1;
  const shortEnd = Math.min(bytes.length, at + SHORT_STRING);
  while (at < shortEnd) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      return at + 1;
    }
    at += byte === BACKSLASH ? 2 : 1;
  }
  for (;;) {
    const quote = bytes.indexOf(QUOTE, at);
    if (quote < 0) {
      return bytes.length;
    }
    let slash = quote;
    while (slash > at && bytes[slash - 1] === BACKSLASH) {
      slash -= 1;
    }
    if ((quote - slash) % 2 === 0) {
      return quote + 1;
    }
    at = quote + 1;
  }
}

/** Position of the next byte that is no white space. */
export function afterSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (isSpace(bytes[at])) {
    at += 1;
  }
  return at;
}

/** Position after the value that starts at `from`. */
export function afterValue(bytes: Buffer, from: number): number {
  const first = bytes[from];
  if (first === QUOTE) {
    return afterString(bytes, from);
  }
  return first === BRACE_OPEN || first === BRACKET_OPEN
    ? afterContainer(bytes, from)
    : afterScalar(bytes, from);
}

function afterContainer(bytes: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  while (at < bytes.length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = afterString(bytes, at);
      continue;
    }
    at += 1;
    if (byte === BRACE_OPEN || byte === BRACKET_OPEN) {
      depth += 1;
    } else if (byte === BRACE_CLOSE || byte === BRACKET_CLOSE) {
      depth -= 1;
      if (depth === 0) {
        return at;
      }
    }
  }
  return bytes.length;
}

function afterScalar(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && !isSpace(bytes[at]) && !endsScalar(bytes[at])) {
    at += 1;
  }
  return at;
}

function endsScalar(byte: number | undefined): boolean {
  return byte === COMMA || byte === BRACE_CLOSE || byte === BRACKET_CLOSE;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9;
}
