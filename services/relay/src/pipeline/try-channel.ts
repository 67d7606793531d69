import type { ChatRequest } from "#conversation/chat-request.ts";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { encodingOf } from "#counting/encodings.ts";
import { limits } from "#limits.ts";
import type { AnsweredAttempt, Attempt, AttemptOutcome } from "#pipeline/attempt.ts";
import { served } from "#pipeline/attempt.ts";
import type { IncomingCall } from "#pipeline/incoming-call.ts";
import { serveStream } from "#pipeline/serve-stream.ts";
import type { WholeDialect } from "#pipeline/serve-whole.ts";
import { factsOfChatReply, serveWhole } from "#pipeline/serve-whole.ts";
import type { StreamDialect } from "#pipeline/stream-dialect.ts";
import { passThrough, translate } from "#pipeline/stream-dialect.ts";
import type {
  ChatDialect,
  EventReaderWish,
  NativeDialect,
  Provider,
  UpstreamRequest,
} from "#providers/provider.ts";
import type { RoutedChannel } from "#routing/routed-channel.ts";
import { upstreamModelOf } from "#routing/routed-channel.ts";
import type { ChatSurface, RenderContext } from "#surfaces/surface.ts";
import { readStart } from "#upstream/read-whole.ts";
import type { UpstreamReply } from "#upstream/upstream.ts";

/** How a call is said to an upstream and its reply said to the client. */
interface Translation {
  readonly request: UpstreamRequest;
  readonly whole: WholeDialect;
  readonly stream: () => StreamDialect;
}

/** Sends the call to one channel and serves its reply. Rejects with a Fault for what the provider cannot say. */
export async function tryChannel(attempt: Attempt): Promise<AttemptOutcome> {
  const { ports, call, settlement, channel } = attempt;
  const content = call.brief.stream && encodingOf(settlement.pricedModel()) !== undefined;
  const wish = content ? contentWish : noWish;
  const { outputTokensCap } = settlement.estimate;
  const nowMs = ports.clock.nowMs();
  const translation = translateCall({ call, channel, wish, nowMs, outputTokensCap });
  if (translation === undefined) {
    return { kind: "failed", fault: unsupported };
  }
  const written = settlement.startWritten();
  if (written !== undefined) {
    await written;
  }
  if (call.client.isGone()) {
    return abandon(attempt);
  }
  const exchange = ports.upstream.send(translation.request, translation.request.body);
  const abort = (): void => exchange.abort();
  const drains = call.brief.stream ? channel.drainsStreams : channel.drainsWhole;
  call.client.onGone(drains ? undefined : abort);
  const running = ports.cutOff.add(abort);
  try {
    const reply = await exchange.reply;
    if (reply.kind === "failure") {
      return call.client.isGone() ? abandon(attempt) : { kind: "failed", fault: reply.fault };
    }
    return await serveReply({ ...attempt, exchange, reply }, translation);
  } finally {
    ports.cutOff.remove(running);
  }
}

const contentWish: EventReaderWish = Object.freeze({ content: true });
const noWish: EventReaderWish = Object.freeze({ content: false });

function serveReply(attempt: AnsweredAttempt, translation: Translation): Promise<AttemptOutcome> {
  const { call, reply } = attempt;
  if (reply.status >= 300 || (call.brief.stream && !isEventStream(reply))) {
    return failReply(attempt);
  }
  return call.brief.stream
    ? serveStream(attempt, translation.stream())
    : serveWhole(attempt, translation.whole);
}

async function failReply(attempt: AnsweredAttempt): Promise<AttemptOutcome> {
  return { kind: "failed", fault: await readFailure(attempt) };
}

const unsupported: UpstreamFault = {
  kind: "transient",
  status: 0,
  reason: "CHANNEL_UNSUPPORTED",
  message: "The channel cannot serve this kind of call.",
};

/** Nothing has come from the upstream and the client has left: nothing is billed. */
function abandon({ settlement }: Attempt): AttemptOutcome {
  settlement.end({ basis: "aborted", status: 499, errorReason: "CLIENT_GONE" });
  return served;
}

async function readFailure({ channel, exchange, reply }: AnsweredAttempt): Promise<UpstreamFault> {
  const body = await readStart(reply, {
    bytesMax: limits.failureBytesMax,
    abort: () => exchange.abort(),
  });
  const { status, headers } = reply;
  const fault = channel.provider?.readFailure({ status, headers, body });
  if (fault === undefined || (status < 300 && fault.kind === "caller" && body === "")) {
    return {
      kind: "protocol",
      status,
      reason: "NOT_EVENT_STREAM",
      message: "The upstream did not answer with an event stream.",
    };
  }
  return fault;
}

function isEventStream(reply: UpstreamReply): boolean {
  return (reply.headers["content-type"] ?? "").toLowerCase().startsWith("text/event-stream");
}

interface Translating {
  readonly call: IncomingCall;
  readonly channel: RoutedChannel;
  readonly wish: EventReaderWish;
  readonly nowMs: number;
  readonly outputTokensCap: number | undefined;
}

function translateCall(options: Translating): Translation | undefined {
  const { provider } = options.channel;
  if (provider === undefined) {
    return undefined;
  }
  const native = provider.native[options.call.surface.dialect];
  return native === undefined ? convertCall(options, provider) : passCall(options, native);
}

function passCall(
  { call, channel, wish, outputTokensCap }: Translating,
  native: NativeDialect,
): Translation {
  const { brief, surface, json } = call;
  const upstreamModel = upstreamModelOf(channel, brief.model);
  // Also where nothing is to be changed: this is what refuses a body that can be read in two ways.
  const body = surface.editBody({
    body: call.body,
    json,
    upstreamModel,
    askForUsage: brief.stream && !brief.wantsStreamUsage && native.refusesStreamOptions !== true,
    outputTokensCap,
    ...(channel.systemPrompt === "" ? {} : { systemPrompt: channel.systemPrompt }),
  });
  const head = native.head(channel.target, {
    upstreamModel,
    stream: brief.stream,
    clientHeaders: call.clientHeaders,
  });
  return {
    request: { method: head.method, url: head.url, headers: head.headers, body },
    whole: (reply, bytes) => ({ facts: native.readReply(reply), answer: () => bytes }),
    stream: () => passThrough(native, wish),
  };
}

function convertCall(options: Translating, provider: Provider): Translation | undefined {
  const { call, channel, wish, nowMs, outputTokensCap } = options;
  const { chat: dialect } = provider;
  const { chat: surface } = call.surface;
  if (dialect === undefined || surface === undefined) {
    return undefined;
  }
  const context: RenderContext = {
    requestId: call.idText,
    model: call.brief.model,
    nowSeconds: Math.floor(nowMs / 1000),
    wantsStreamUsage: call.brief.wantsStreamUsage,
  };
  const asked = putSystemPrompt(surface.parse(call.json), channel, call.brief.model);
  const request = outputTokensCap === undefined ? asked : capRequest(asked, outputTokensCap);
  return {
    request: dialect.request(request, channel.target),
    whole: renderWhole(dialect, surface, context),
    stream: () => translate(dialect, surface.openStream(context), wish),
  };
}

function renderWhole(
  dialect: ChatDialect,
  surface: ChatSurface,
  context: RenderContext,
): WholeDialect {
  return (json) => {
    const reply = dialect.readReply(json);
    return { facts: factsOfChatReply(reply), answer: () => surface.renderReply(reply, context) };
  };
}

function capRequest(request: ChatRequest, tokens: number): ChatRequest {
  return { ...request, outputTokensMax: Math.min(request.outputTokensMax ?? tokens, tokens) };
}

function putSystemPrompt(request: ChatRequest, channel: RoutedChannel, model: string): ChatRequest {
  const system =
    channel.systemPrompt === ""
      ? request.system
      : [{ kind: "text" as const, text: channel.systemPrompt }, ...request.system.slice(1)];
  return { ...request, model: upstreamModelOf(channel, model), system };
}
