const lineBreak = "\r\n";

/** One chunk of HTTP/1.1's chunked coding (RFC 9112, 7.1). The piece must not be empty: an empty chunk ends the body. */
export function frameChunk(piece: Uint8Array | string): Buffer {
  const length = typeof piece === "string" ? Buffer.byteLength(piece) : piece.length;
  const head = length.toString(16) + lineBreak;
  const frame = Buffer.allocUnsafe(head.length + length + lineBreak.length);
  frame.write(head, 0, "latin1");
  if (typeof piece === "string") {
    frame.write(piece, head.length, "utf8");
  } else {
    frame.set(piece, head.length);
  }
  frame.write(lineBreak, head.length + length, "latin1");
  return frame;
}
