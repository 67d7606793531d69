/**
 * The way between relays and quota. A session is a connection: in order, with delays, and it can break at any moment, with messages
 * under way. What was under way may still arrive, seconds later and at another instance; so may copies.
 */
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { Client } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { platformFaults } from "@tollgate/kit/fault/fault";
import { SessionRequestSchema } from "@tollgate/proto/quota/v1/session_service";
import type {
  SessionRequest,
  SessionResponse,
  SessionService,
} from "@tollgate/proto/quota/v1/session_service";
import { runSession } from "../../services/quota/src/rpc/session-stream.ts";
import { createChannel } from "./channel.ts";
import type { Channel } from "./channel.ts";
import type { Dice } from "./dice.ts";
import type { SimulatedQuota } from "./simulated-quota.ts";
import type { Trace } from "./trace.ts";

/** How often the network does what, in one run. */
export interface NetworkTemper {
  /** Of messages: they take up to seconds. */
  readonly slow: number;
  /** Of requests: a copy arrives later, at any instance. */
  readonly copied: number;
  /** Of answers: the connection breaks just then. */
  readonly answerLost: number;
  /** Of requests that were under way when their connection broke: they arrive all the same. */
  readonly arrivesLate: number;
}

/** Which way is blocked. */
export type BlockedWay = "none" | "both" | "to-quota" | "to-relay";

export interface SimulatedNetwork {
  readonly clientOf: (relay: number) => Client<typeof SessionService>;
  /** Nothing passes until it is unblocked; the connection may break meanwhile. */
  readonly block: (relay: number, way: BlockedWay) => void;
  /** Breaks every connection of a relay. */
  readonly breakRelay: (relay: number) => void;
  /** Breaks every connection to an instance. */
  readonly breakQuota: (quota: SimulatedQuota) => void;
}

export interface NetworkPorts {
  readonly clock: Clock;
  readonly dice: Dice;
  readonly temper: NetworkTemper;
  readonly trace: Trace;
  readonly quotas: readonly SimulatedQuota[];
}

type RequestInit = MessageInitShape<typeof SessionRequestSchema>;

const lost = (): Error => platformFaults.fault("UNAVAILABLE");

export function createSimulatedNetwork(ports: NetworkPorts): SimulatedNetwork {
  const links = new Set<Link>();
  const blocked = new Map<number, BlockedWay>();
  const open = (relay: number, requests: AsyncIterable<RequestInit>, signal: AbortSignal) => {
    const quota = ports.dice.pick(ports.quotas);
    const link = new Link(ports, { relay, quota, way: () => blocked.get(relay) ?? "none" });
    links.add(link);
    link.onBroken = () => links.delete(link);
    link.run(requests, signal);
    return link.answers;
  };
  const none = async (): Promise<never> => {
    throw lost();
  };
  return {
    clientOf: (relay) => ({
      session: (requests, options) =>
        open(relay, requests, options?.signal ?? new AbortController().signal),
      hello: none,
      acquireLease: none,
      ship: none,
      beat: none,
    }),
    block: (relay, way) => {
      blocked.set(relay, way);
      for (const link of links) {
        if (link.relay === relay) {
          link.wayChanged();
        }
      }
    },
    breakRelay: (relay) => {
      for (const link of links) {
        if (link.relay === relay) {
          link.break();
        }
      }
    },
    breakQuota: (quota) => {
      for (const link of links) {
        if (link.quota === quota) {
          link.break();
        }
      }
    },
  };
}

interface LinkOptions {
  readonly relay: number;
  readonly quota: SimulatedQuota;
  readonly way: () => BlockedWay;
}

class Link {
  readonly relay: number;
  readonly quota: SimulatedQuota;
  readonly answers: Channel<SessionResponse> = createChannel();
  onBroken: () => void = () => undefined;
  readonly #ports: NetworkPorts;
  readonly #way: () => BlockedWay;
  readonly #arrived: Channel<SessionRequest> = createChannel();
  readonly #serverSignal = new AbortController();
  /** Requests that have not arrived. */
  readonly #underWay = new Set<Uint8Array>();
  #held: { readonly to: "to-quota" | "to-relay"; readonly deliver: () => void }[] = [];
  #lastDueMs = { "to-quota": 0, "to-relay": 0 };
  #isBroken = false;

  constructor(ports: NetworkPorts, { relay, quota, way }: LinkOptions) {
    this.#ports = ports;
    this.relay = relay;
    this.quota = quota;
    this.#way = way;
  }

  run(requests: AsyncIterable<RequestInit>, signal: AbortSignal): void {
    if (signal.aborted) {
      this.break();
      return;
    }
    signal.addEventListener("abort", () => this.break(), { once: true });
    void this.#carryRequests(requests);
    this.#pass("to-quota", () => void this.#serve());
  }

  /** Both ends learn of it, each at its own time. */
  break(): void {
    if (this.#isBroken) {
      return;
    }
    this.#isBroken = true;
    this.onBroken();
    const { clock, dice, temper, trace } = this.#ports;
    trace.note(`relay ${this.relay}: session broken`);
    for (const bytes of this.#underWay) {
      if (dice.chance(temper.arrivesLate)) {
        this.#deliverLate(bytes);
      }
    }
    this.answers.fail(lost());
    clock.setTimeout(
      () => {
        this.#arrived.fail(lost());
        this.#serverSignal.abort();
      },
      dice.integer(1, 1500),
    );
  }

  wayChanged(): void {
    const { clock, dice } = this.#ports;
    if (this.#way() === "none") {
      const held = this.#held;
      this.#held = [];
      held.forEach(({ to, deliver }) => this.#deliver(to, deliver));
    } else {
      // Keepalive notices sooner or later.
      clock.setTimeout(
        () => {
          if (this.#way() !== "none") {
            this.break();
          }
        },
        dice.integer(100, 3000),
      );
    }
  }

  async #carryRequests(requests: AsyncIterable<RequestInit>): Promise<void> {
    const { dice, temper } = this.#ports;
    for await (const request of requests) {
      if (this.#isBroken) {
        return;
      }
      const bytes = toBinary(SessionRequestSchema, create(SessionRequestSchema, request));
      this.#underWay.add(bytes);
      this.#pass("to-quota", () => {
        this.#underWay.delete(bytes);
        this.#arrived.push(fromBinary(SessionRequestSchema, bytes));
      });
      if (dice.chance(temper.copied)) {
        this.#deliverLate(bytes);
      }
    }
    this.#pass("to-quota", () => this.#arrived.close());
  }

  async #serve(): Promise<void> {
    const { dice, temper, trace } = this.#ports;
    const useCases = this.quota.useCases();
    if (useCases === undefined) {
      this.break();
      return;
    }
    try {
      for await (const response of runSession(useCases, this.#arrived, this.#serverSignal.signal)) {
        const { case: kind } = response.body;
        if (dice.chance(temper.answerLost) && (kind === "ship" || kind === "acquireLease")) {
          trace.note(`relay ${this.relay}: answer to ${kind} lost`);
          this.break();
        }
        this.#pass("to-relay", () => this.answers.push(response));
      }
      this.#pass("to-relay", () => this.answers.close());
    } catch {
      // The instance ended the session.
      this.break();
    }
  }

  #pass(to: "to-quota" | "to-relay", deliver: () => void): void {
    const { clock, dice, temper } = this.#ports;
    const ms = dice.chance(temper.slow) ? dice.integer(40, 2500) : dice.integer(1, 12);
    // In order: what comes later waits for what is slow.
    const dueMs = Math.max(this.#lastDueMs[to], clock.monotonicMs() + ms);
    this.#lastDueMs[to] = dueMs;
    clock.setTimeout(() => this.#deliver(to, deliver), dueMs - clock.monotonicMs());
  }

  #deliver(to: "to-quota" | "to-relay", deliver: () => void): void {
    if (this.#isBroken) {
      return;
    }
    const way = this.#way();
    if (way === "both" || way === to) {
      this.#held.push({ to, deliver });
    } else {
      deliver();
    }
  }

  #deliverLate(bytes: Uint8Array): void {
    const { clock, dice, quotas, trace } = this.#ports;
    clock.setTimeout(
      () => {
        const quota = dice.pick(quotas);
        const request = fromBinary(SessionRequestSchema, bytes);
        trace.note(`relay ${this.relay}: late ${request.body.case} at quota ${quota.index}`);
        quota.take(request);
      },
      dice.integer(5, 4000),
    );
  }
}
