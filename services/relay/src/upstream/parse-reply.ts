import type { UpstreamFault } from "#conversation/upstream-fault.ts";

/** A whole body as JSON, or why it is none. */
export type ParsedReply =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "fault"; readonly fault: UpstreamFault };

/** Reads a whole body that came with status 2xx. */
export function parseReply(bytes: Buffer): ParsedReply {
  if (bytes.length === 0) {
    return faultOf("EMPTY_REPLY", "The upstream's answer is empty.");
  }
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"));
    return { kind: "json", value };
  } catch {
    // Its text is not shown: it may be a page of whatever stands in front of the upstream.
    return faultOf(
      "NOT_JSON",
      isPage(bytes)
        ? "The upstream's answer is not JSON but an HTML page: is the base URL right?"
        : "The upstream's answer is not JSON.",
    );
  }
}

const pageStart = /^\s*<(?:!doctype|html|head|body)/iu;

function isPage(bytes: Buffer): boolean {
  return pageStart.test(bytes.subarray(0, 64).toString("utf8"));
}

function faultOf(reason: string, message: string): ParsedReply {
  return { kind: "fault", fault: { kind: "protocol", status: 200, reason, message } };
}
