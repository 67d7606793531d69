/**
 * Texts of records are names that come again and again: models, groups, addresses. Finding a text that is known costs a fraction of
 * making it anew, and equal texts that are the same text compare at once.
 */
const slots = 1024;
const bytesMax = 40;
const asciiMax = 0x7f;

const known: string[] = Array.from({ length: slots }, () => "");

/** The UTF-8 text in this part of the buffer. */
export function readText(buffer: Buffer, start: number, end: number): string {
  const length = end - start;
  if (length === 0) {
    return "";
  }
  if (length > bytesMax) {
    return buffer.toString("utf8", start, end);
  }
  let hash = length;
  for (let index = start; index < end; index += 1) {
    hash = (Math.imul(hash, 31) + (buffer[index] ?? 0)) | 0;
  }
  const slot = hash & (slots - 1);
  const candidate = known[slot] ?? "";
  if (isSame(candidate, buffer, { start, length })) {
    return candidate;
  }
  const text = buffer.toString("utf8", start, end);
  known[slot] = text;
  return text;
}

/** True only for ASCII, where bytes are characters; other texts are always made anew. */
function isSame(
  text: string,
  buffer: Buffer,
  { start, length }: { readonly start: number; readonly length: number },
): boolean {
  if (text.length !== length) {
    return false;
  }
  for (let index = 0; index < length; index += 1) {
    const byte = buffer[start + index] ?? 0;
    if (byte > asciiMax || byte !== text.charCodeAt(index)) {
      return false;
    }
  }
  return true;
}
