import type { ChannelTarget, DialectName, NativeCall, UpstreamHead } from "#providers/provider.ts";

/** Dialects of the OpenAI family. */
export type OpenAiDialectName = Extract<DialectName, `openai-${string}`>;

/** Where a vendor of the OpenAI family is found and how it is told who calls. A vendor is data: see channel-types. */
export interface OpenAiEndpoint {
  /** Absolute URL of a call; most vendors have their paths straight under the base URL. */
  readonly url: (channel: ChannelTarget, path: string, upstreamModel: string) => string;
  /** Paths that differ from OpenAI's; null = the vendor does not have the dialect. */
  readonly paths?: Readonly<Partial<Record<OpenAiDialectName, string | null>>>;
  /** Header that carries the credential. */
  readonly authorization: "bearer" | "api-key";
  readonly extraHeaders?: Readonly<Record<string, string>>;
  /** Path of the model list; null = it cannot be asked for. */
  readonly modelsPath?: string | null;
}

/** OpenAI's own paths. */
export const OPENAI_PATHS: Readonly<Record<OpenAiDialectName, string>> = {
  "openai-chat": "/v1/chat/completions",
  "openai-completions": "/v1/completions",
  "openai-embeddings": "/v1/embeddings",
};

/** The path straight under the base URL: the rule of most vendors. */
export const underBaseUrl: OpenAiEndpoint["url"] = (channel, path) => channel.baseUrl + path;

/** The base URL already holds the version, as OpenAI's SDKs want it: `https://host/v1`. */
export const underVersionedBaseUrl: OpenAiEndpoint["url"] = (channel, path) =>
  withoutTrailingSlash(channel.baseUrl) + withoutVersion(path);

const CLOUDFLARE_GATEWAY = "https://gateway.ai.cloudflare.com";

/** Cloudflare's AI gateway knows OpenAI without the version segment. */
export const underOpenAiBaseUrl: OpenAiEndpoint["url"] = (channel, path) =>
  channel.baseUrl.startsWith(CLOUDFLARE_GATEWAY)
    ? channel.baseUrl + withoutVersion(path)
    : channel.baseUrl + path;

/**
 * Azure names the deployment in the path, and its deployments have no dots in their names. A base URL that ends with
 * `/openai/v1` is the newer interface, where paths and bodies are OpenAI's.
 */
export const underAzureResource: OpenAiEndpoint["url"] = (channel, path, upstreamModel) => {
  const base = withoutTrailingSlash(channel.baseUrl);
  if (base.endsWith("/openai/v1")) {
    return base + withoutVersion(path);
  }
  const version = encodeURIComponent(channel.config["api_version"] ?? AZURE_VERSION);
  const deployment = encodeURIComponent(upstreamModel.replaceAll(".", ""));
  const root = base.startsWith(CLOUDFLARE_GATEWAY) ? base : `${base}/openai/deployments`;
  return `${root}/${deployment}${withoutVersion(path)}?api-version=${version}`;
};

const AZURE_VERSION = "2024-10-21";

/** Workers AI has OpenAI's paths under the account, or under a gateway's `/workers-ai`. */
export const underCloudflareAccount: OpenAiEndpoint["url"] = (channel, path) => {
  const isGateway =
    channel.baseUrl.startsWith(CLOUDFLARE_GATEWAY) && channel.baseUrl.endsWith("/workers-ai");
  const account = encodeURIComponent(channel.config["user_id"] ?? "");
  return isGateway
    ? channel.baseUrl + path
    : `${channel.baseUrl}/client/v4/accounts/${account}/ai${path}`;
};

/** Method, URL and headers of a call to a vendor. */
export function openAiHead(
  endpoint: OpenAiEndpoint,
  channel: ChannelTarget,
  call: Pick<NativeCall, "upstreamModel" | "stream"> & { readonly path: string },
): UpstreamHead {
  return {
    method: "POST",
    url: endpoint.url(channel, call.path, call.upstreamModel),
    headers: {
      "content-type": "application/json",
      accept: call.stream ? "text/event-stream" : "application/json",
      ...credentialHeader(endpoint, channel),
      ...endpoint.extraHeaders,
    },
  };
}

/** The header that says who calls. */
export function credentialHeader(
  endpoint: Pick<OpenAiEndpoint, "authorization">,
  channel: ChannelTarget,
): Readonly<Record<string, string>> {
  return endpoint.authorization === "api-key"
    ? { "api-key": channel.credential }
    : { authorization: `Bearer ${channel.credential}` };
}

function withoutVersion(path: string): string {
  return path.startsWith("/v1/") ? path.slice(3) : path;
}

function withoutTrailingSlash(url: string): string {
  return url.endsWith("/") ? url.slice(0, -1) : url;
}
