import { Agent } from "undici";
import { type CallWish, type ClientCall, makeCall, makeSdkCall, openCall } from "./client-call.ts";
import type { Payer } from "./payers.ts";
import { createRandom, type Random } from "./random.ts";
import type { Manner, Order } from "./upstream.ts";

/** Clients that call all the time, and the book of what each of them saw. */
export interface ClientFleet {
  readonly book: readonly ClientCall[];
  /** Makes one ordinary call, outside of the load, and answers what was seen. */
  probe(payer: Payer, relay: string): Promise<ClientCall>;
  /** No new call is begun; resolves when those under way have ended. */
  stop(): Promise<void>;
}

export interface FleetOptions {
  readonly seed: string;
  readonly payers: readonly Payer[];
  readonly relayUrls: readonly string[];
}

const clientsOf = { rich: 4, poor: 8, capped: 3, toggled: 2 } as const;
const sdkClients = 2;

/** Starts the load. */
export function startFleet({ seed, payers, relayUrls }: FleetOptions): ClientFleet {
  const book: ClientCall[] = [];
  const dispatcher = new Agent({ connections: 64, keepAliveTimeout: 10_000 });
  const probes = createRandom(`${seed} probes`);
  const load = { isRunning: true };

  const make = async (wish: CallWish, isSdk: boolean): Promise<ClientCall> => {
    const call = openCall(wish, isSdk);
    book.push(call);
    await (isSdk ? makeSdkCall(call, wish) : makeCall(call, wish));
    return call;
  };
  const client = async (payer: Payer, random: Random, isSdk: boolean): Promise<void> => {
    while (load.isRunning) {
      const wish = drawWish(random, { payer, dispatcher, relay: random.pick(relayUrls) });
      const call = await make(isSdk ? { ...wish, leavesAfter: undefined } : wish, isSdk);
      // Whoever is refused does not hammer.
      await sleep(call.status === 200 ? random.integer(0, 30) : random.integer(50, 250));
    }
  };
  const clients = payers.flatMap((payer, index) =>
    Array.from({ length: clientsOf[payer.kind] }, (_, number) => {
      const isSdk = payer.kind === "rich" && index === 0 && number < sdkClients;
      return client(payer, createRandom(`${seed} ${payer.name} ${number}`), isSdk);
    }),
  );
  return {
    book,
    probe: async (payer, relay) => {
      const order: Order = { nonce: probes.hex(16), manner: "plain", tokens: 5, gapMs: 0 };
      const stream = probes.chance(0.5);
      return make(
        {
          order,
          stream,
          relay,
          dispatcher,
          payer: payer.name,
          key: payer.key,
          model: "chaos-large",
          leavesAfter: undefined,
        },
        false,
      );
    },
    stop: async () => {
      load.isRunning = false;
      await Promise.all(clients);
    },
  };
}

function drawWish(
  random: Random,
  { payer, dispatcher, relay }: Pick<CallWish, "dispatcher" | "relay"> & { readonly payer: Payer },
): CallWish {
  const stream = random.chance(0.7);
  const isLong = stream && random.chance(0.25);
  const order: Order = {
    nonce: random.hex(16),
    manner: drawManner(random),
    tokens: isLong ? random.integer(100, 250) : random.integer(2, 60),
    gapMs: random.integer(0, isLong ? 25 : 15),
  };
  const leaves = random.chance(0.08);
  return {
    order,
    stream,
    relay,
    dispatcher,
    payer: payer.name,
    key: payer.key,
    model: "chaos-small",
    leavesAfter: leaves ? random.integer(1, stream ? 20 : 300) : undefined,
  };
}

const mannerShares: readonly (readonly [Manner, number])[] = [
  ["no-usage", 0.08],
  ["dies", 0.06],
  ["errs", 0.04],
  ["busy-once", 0.05],
  ["broken-once", 0.03],
  ["broken", 0.02],
];

function drawManner(random: Random): Manner {
  let point = random.next();
  return mannerShares.find(([, share]) => (point -= share) < 0)?.[0] ?? "plain";
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
