import type { Clock } from "@tollgate/kit/clock/clock";
import type { UpstreamFault } from "#conversation/upstream-fault.ts";
import { limits } from "#limits.ts";
import type {
  BalanceQuery,
  ChannelTarget,
  ModelsQuery,
  Provider,
  UpstreamHead,
} from "#providers/provider.ts";
import { parseReply } from "#upstream/parse-reply.ts";
import { readStart, readWhole } from "#upstream/read-whole.ts";
import type { Upstream } from "#upstream/upstream.ts";

/** What probing needs. */
export interface ProbePorts {
  readonly upstream: Upstream;
  readonly clock: Clock;
}

/** A channel to be probed. */
export interface ProbeTarget {
  readonly provider: Provider;
  readonly target: ChannelTarget;
}

export type ProbeOutcome<Value> =
  | { readonly kind: "value"; readonly value: Value; readonly ttftMs: number }
  | { readonly kind: "fault"; readonly fault: UpstreamFault };

const probeMs = 60_000;
const testTokensMax = 64;

/** Sends one small chat; the value is the reply's text. Throws a Fault for what the provider cannot say. */
export async function probeChat(
  ports: ProbePorts,
  { provider, target }: ProbeTarget,
  chat: { readonly model: string; readonly prompt: string },
): Promise<ProbeOutcome<string>> {
  const { chat: dialect } = provider;
  if (dialect === undefined) {
    return unsupported("Chats cannot be sent to channels of this type.");
  }
  const request = dialect.request(
    {
      model: chat.model,
      system: [],
      messages: [{ role: "user", parts: [{ kind: "text", text: chat.prompt }] }],
      tools: [],
      stopSequences: [],
      outputTokensMax: testTokensMax,
      stream: false,
    },
    target,
  );
  const outcome = await ask(ports, provider, request);
  if (outcome.kind === "fault") {
    return outcome;
  }
  const reply = dialect.readReply(outcome.value);
  if (reply.fault !== undefined) {
    return { kind: "fault", fault: reply.fault };
  }
  const text = reply.parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
  return { ...outcome, value: text };
}

export async function probeModels(
  ports: ProbePorts,
  { provider, target }: ProbeTarget,
  query: ModelsQuery,
): Promise<ProbeOutcome<readonly string[]>> {
  const outcome = await ask(ports, provider, query.request(target));
  return outcome.kind === "fault"
    ? outcome
    : { ...outcome, value: [...new Set(query.read(outcome.value))].sort() };
}

/** The value is the account's balance as a decimal text. */
export async function probeBalance(
  ports: ProbePorts,
  { provider, target }: ProbeTarget,
  query: BalanceQuery,
): Promise<ProbeOutcome<string>> {
  const bodies: unknown[] = [];
  let ttftMs = 0;
  for (const head of query.requests(target, ports.clock.nowMs())) {
    const outcome = await ask(ports, provider, head);
    if (outcome.kind === "fault") {
      return outcome;
    }
    ({ ttftMs } = outcome);
    bodies.push(outcome.value);
  }
  return { kind: "value", value: query.read(bodies), ttftMs };
}

async function ask(
  { upstream, clock }: ProbePorts,
  provider: Provider,
  request: UpstreamHead & { readonly body?: string | Uint8Array },
): Promise<ProbeOutcome<unknown>> {
  const sentAtMs = clock.monotonicMs();
  const exchange = upstream.send(request, request.body);
  const abort = (): void => exchange.abort();
  const timer = clock.setTimeout(abort, probeMs);
  try {
    const reply = await exchange.reply;
    if (reply.kind === "failure") {
      return { kind: "fault", fault: reply.fault };
    }
    const ttftMs = Math.round(clock.monotonicMs() - sentAtMs);
    if (reply.status >= 300) {
      const body = await readStart(reply, { bytesMax: limits.failureBytesMax, abort });
      const { status, headers } = reply;
      return { kind: "fault", fault: provider.readFailure({ status, headers, body }) };
    }
    const bytes = await readWhole(reply, { bytesMax: limits.replyBytesMax, abort });
    if (!Buffer.isBuffer(bytes)) {
      return { kind: "fault", fault: bytes.fault };
    }
    const parsed = parseReply(bytes);
    return parsed.kind === "fault" ? parsed : { kind: "value", value: parsed.value, ttftMs };
  } finally {
    timer.cancel();
  }
}

function unsupported(message: string): ProbeOutcome<never> {
  return { kind: "fault", fault: { kind: "protocol", status: 0, reason: "NOT_JSON", message } };
}
