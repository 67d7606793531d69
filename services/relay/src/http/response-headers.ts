import type { IncomingMessage } from "node:http";

/** Headers that every answer carries, as a flat list for `writeHead`. */
export function commonHeaders(request: IncomingMessage, requestId: string): string[] {
  const headers = ["X-Oneapi-Request-Id", requestId];
  if (request.headers.origin !== undefined) {
    headers.push("Access-Control-Allow-Origin", "*", "Access-Control-Expose-Headers", "*");
  }
  return headers;
}

/** The answer to a browser's preflight, as One API gives it: every origin, method of ours, and header. */
export const preflightHeaders: readonly string[] = [
  "Access-Control-Allow-Origin",
  "*",
  "Access-Control-Allow-Methods",
  "GET,POST,PUT,DELETE,OPTIONS",
  "Access-Control-Allow-Headers",
  "*, Authorization",
  "Access-Control-Max-Age",
  "43200",
];
