/**
 * Looks into JSON text without parsing it, for events of which only the size matters. The text is trusted to be JSON as
 * far as it is looked at: on anything else the answers are wrong but found in linear time.
 */

const QUOTE = 34;
const BACKSLASH = 92;
const COLON = 58;
const BRACE_OPEN = 123;
const BRACE_CLOSE = 125;
const BRACKET_OPEN = 91;
const BRACKET_CLOSE = 93;
const LETTER_U = 117;

/** Names of members: which hold output of the model, and which repeat it and are passed over. */
export interface ContentNames {
  readonly counted: readonly string[];
  readonly passedOver?: string;
}

/** Where a measurement stands. */
export interface ContentScan {
  /** Where the value starts that is to be measured; afterwards where it ends. */
  at: number;
  /** UTF-8 bytes found so far. */
  bytes: number;
  /** The counted strings, as they are escaped in the text, one behind the other; `undefined` = nobody wants them. */
  text: string | undefined;
}

/** Adds the bytes of the strings under the counted names within the value at `scan.at`, and steps over the value. */
export function scanContent(text: string, scan: ContentScan, names: ContentNames): void {
  let depth = 0;
  let passedOverDepth = -1;
  let isCounted = false;
  let { at } = scan;
  for (; at < text.length; at += 1) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      const end = endOfString(text, at + 1);
      if (isFollowedByColon(text, end + 1)) {
        passedOverDepth = depth === passedOverDepth ? -1 : passedOverDepth;
        if (isName(text, at + 1, { end, name: names.passedOver ?? "" })) {
          passedOverDepth = depth;
        }
        isCounted = passedOverDepth < 0 && isOneOf(text, at + 1, { end, names: names.counted });
      } else if (isCounted) {
        scan.bytes += stringBytes(text, at + 1, end);
        if (scan.text !== undefined) {
          scan.text += text.slice(at + 1, end);
        }
      }
      at = end;
    } else if (char === BRACE_OPEN || char === BRACKET_OPEN) {
      depth += 1;
    } else if (char === BRACE_CLOSE || char === BRACKET_CLOSE) {
      depth -= 1;
      if (depth <= 0) {
        break;
      }
    }
  }
  scan.at = Math.min(at + 1, text.length);
}

function isFollowedByColon(text: string, from: number): boolean {
  return text.charCodeAt(from) === COLON || text.charCodeAt(skipSpace(text, from)) === COLON;
}

function isOneOf(
  text: string,
  start: number,
  candidates: { readonly end: number; readonly names: readonly string[] },
): boolean {
  const { end, names } = candidates;
  for (const name of names) {
    if (isName(text, start, { end, name })) {
      return true;
    }
  }
  return false;
}

function isName(
  text: string,
  start: number,
  candidate: { readonly end: number; readonly name: string },
): boolean {
  return candidate.end - start === candidate.name.length && text.startsWith(candidate.name, start);
}

/**
 * Where the value of the next member starts whose name ends with `nameEnd`, or -1. `nameEnd` is the end of the quoted name with
 * its closing quote, such as `usage"`: a search that starts with a letter is faster than one that starts with a quote,
 * and an escaped quote inside a string can never close it.
 */
export function memberValueAt(text: string, nameEnd: string, from: number): number {
  let at = text.indexOf(nameEnd, from);
  while (at >= 0) {
    const after = at + nameEnd.length;
    if (text.charCodeAt(at - 1) === QUOTE) {
      const colon = skipSpace(text, after);
      if (text.charCodeAt(colon) === COLON) {
        return skipSpace(text, colon + 1);
      }
    }
    at = text.indexOf(nameEnd, after);
  }
  return -1;
}

/** Position of the quote that closes the string whose first character is at `from`; the text's end without one. */
function endOfString(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      return at;
    }
    at += char === BACKSLASH ? 2 : 1;
  }
  return text.length;
}

/** UTF-8 bytes of the string that the escaped text between two positions stands for. */
function stringBytes(text: string, from: number, end: number): number {
  let bytes = 0;
  for (let at = from; at < end; at += 1) {
    let char = text.charCodeAt(at);
    if (char === BACKSLASH) {
      at += 1;
      if (text.charCodeAt(at) === LETTER_U) {
        char = Number.parseInt(text.slice(at + 1, at + 5), 16);
        at += 4;
      } else {
        char = 0;
      }
    }
    bytes += bytesOfCodeUnit(char);
  }
  return bytes;
}

/** Each half of a surrogate pair counts for half of its four bytes. */
function bytesOfCodeUnit(unit: number): number {
  if (unit < 0x80) {
    return 1;
  }
  if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) {
    return 2;
  }
  return 3;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  let char = text.charCodeAt(at);
  while (char === 32 || char === 10 || char === 13 || char === 9) {
    at += 1;
    char = text.charCodeAt(at);
  }
  return at;
}
