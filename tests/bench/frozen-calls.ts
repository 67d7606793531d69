import { makeKey } from "../e2e/harness/builders.ts";
import type { SplitPlatform } from "../e2e/harness/split.ts";
import { type BackEndWork, costOfReading, readBackEndWork, workBetween } from "./back-end.ts";

/** What warm calls came to while everything but the relay stood still. */
export interface FrozenCalls {
  readonly answered: number;
  /** What database and Redis were asked meanwhile, and what passed over the relay's RPC connections. */
  readonly work: BackEndWork;
}

/** Freezes everything but the relay and makes warm calls: they cannot need an RPC, and what else they ask for is counted. */
export async function callWithBackEndFrozen(
  platform: SplitPlatform,
  calls: number,
): Promise<FrozenCalls> {
  const { key } = await makeKey(
    { platform: () => platform, upstream: neverAsked },
    { name: "warm" },
  );
  for (let warmUp = 0; warmUp < 50; warmUp += 1) {
    await isAnswered(platform, key);
  }
  const frozen = platform.processes().filter(({ name }) => name !== "relay");
  for (const { pid } of frozen) {
    process.kill(pid, "SIGSTOP");
  }
  try {
    const read = async (): Promise<BackEndWork> => readBackEndWork(platform);
    // Nobody but this process can ask for anything now, so the cost of a reading is exact.
    const own = await costOfReading(read);
    const before = await read();
    let answered = 0;
    for (let index = 0; index < calls; index += 1) {
      answered += (await isAnswered(platform, key)) ? 1 : 0;
    }
    return { answered, work: workBetween(before, await read(), own) };
  } finally {
    for (const { pid } of frozen) {
      process.kill(pid, "SIGCONT");
    }
  }
}

/** One line about it. Throws when a call was not answered or anything was asked for. */
export function checkFrozenCalls({ answered, work }: FrozenCalls, calls: number): string {
  const line =
    `with quota, registry, scheduler and admin frozen, ${answered} of ${calls} warm calls were answered with ` +
    `${work.statements} SQL statements, ${work.redisCommands} Redis commands and ${work.rpcBytesReceived} bytes received ` +
    `over RPC (${work.rpcBytesSent} sent: records for settlement, which no call waits for)`;
  const asked = [work.statements, work.redisCommands, work.rpcBytesReceived];
  if (answered !== calls || asked.some((count) => count !== 0)) {
    throw new Error(line);
  }
  return line;
}

async function isAnswered(platform: SplitPlatform, key: string): Promise<boolean> {
  const response = await fetch(`${platform.relayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: BODY,
    signal: AbortSignal.timeout(5000),
  });
  await response.arrayBuffer();
  return response.ok;
}

const BODY = JSON.stringify({
  model: "gpt-4o-mini",
  messages: [{ role: "user", content: "hi" }],
});

function neverAsked(): never {
  throw new Error("the benchmark has an upstream of its own");
}
