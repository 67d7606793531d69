import type { IncomingHttpHeaders } from "node:http";

/** The key that a client presents, "" if it presents none. One header decides, in this order. */
export function readCredential(headers: IncomingHttpHeaders): string {
  const { authorization } = headers;
  if (authorization !== undefined && authorization !== "") {
    return stripScheme(authorization);
  }
  return (
    firstOf(headers["x-api-key"]) ||
    firstOf(headers["api-key"]) ||
    firstOf(headers["x-goog-api-key"])
  );
}

/** One API takes a key with and without `Bearer`. */
function stripScheme(value: string): string {
  const isBearer = value.length > 7 && value.slice(0, 7).toLowerCase() === "bearer ";
  return (isBearer ? value.slice(7) : value).trim();
}

function firstOf(value: string | readonly string[] | undefined): string {
  return (typeof value === "string" ? value : (value?.[0] ?? "")).trim();
}
