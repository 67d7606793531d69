import type { ChannelTarget, NativeCall, UpstreamHead } from "#providers/provider.ts";

/** The version of the interface that is asked for unless the client asks for another. */
const ANTHROPIC_VERSION = "2023-06-01";

/** Client headers that change what a native call means; they are passed on where client and upstream share the dialect. */
const PASSED_HEADERS = ["anthropic-version", "anthropic-beta"] as const;

/** Method, URL and headers of a call. */
export function anthropicHead(
  channel: ChannelTarget,
  call: Pick<NativeCall, "stream" | "clientHeaders">,
): UpstreamHead {
  const passed: Record<string, string> = {};
  for (const name of PASSED_HEADERS) {
    const value = call.clientHeaders[name];
    if (value !== undefined && value !== "") {
      passed[name] = value;
    }
  }
  return {
    method: "POST",
    url: `${channel.baseUrl}/v1/messages`,
    headers: {
      "content-type": "application/json",
      accept: call.stream ? "text/event-stream" : "application/json",
      ...credentialHeaders(channel),
      ...passed,
    },
  };
}

/** Headers that every call needs. */
export function credentialHeaders(channel: ChannelTarget): Readonly<Record<string, string>> {
  return { "x-api-key": channel.credential, "anthropic-version": ANTHROPIC_VERSION };
}
