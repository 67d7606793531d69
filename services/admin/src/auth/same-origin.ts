/** Tells requests of our own pages from requests that another site made a browser send. */
import type { FastifyRequest } from "fastify";

type OriginProof = "same" | "cross" | "unknown";

type RequestFacts = Pick<FastifyRequest, "headers" | "host">;

/**
 * What the browser says about the page that sent the request. `Sec-Fetch-Site` comes first (no page can forge it), then
 * `Origin`, then `Referer`; a client that is no browser sends none of them.
 */
export function readOriginProof({ headers, host }: RequestFacts): OriginProof {
  const site = headers["sec-fetch-site"];
  if (site !== undefined) {
    return site === "same-origin" ? "same" : "cross";
  }
  const page = headers.origin ?? headers.referer;
  if (page === undefined) {
    return "unknown";
  }
  return URL.canParse(page) && new URL(page).host === withoutDefaultPort(host) ? "same" : "cross";
}

/** True if a request with a cookie that changes something by its method (POST, PUT, DELETE) comes from our own pages. */
export function isTrustedChange(request: RequestFacts): boolean {
  return readOriginProof(request) === "same";
}

/**
 * True if a GET that changes something comes from our own pages. A header that only scripts can set counts as well: other
 * sites cannot set it without our leave.
 */
export function isTrustedGet(request: RequestFacts): boolean {
  const proof = readOriginProof(request);
  return (
    proof === "same" || (proof === "unknown" && request.headers["x-requested-with"] !== undefined)
  );
}

function withoutDefaultPort(host: string): string {
  return host.replace(/:(?:80|443)$/u, "").toLowerCase();
}
