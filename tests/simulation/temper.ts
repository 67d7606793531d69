/** What one seed makes of the world: how many parts there are, and how often what goes wrong. */
import type { Dice } from "./dice.ts";
import type { DatabaseTemper } from "./simulated-database.ts";
import type { DiskTemper } from "./simulated-disk.ts";
import type { NetworkTemper } from "./simulated-network.ts";

/** Faults that somebody causes, with their weights against each other. */
export type FaultKind =
  | "kill-relay"
  | "power-cut"
  | "block"
  | "kill-quota"
  | "break-session"
  | "break-database"
  | "fail-over"
  | "sync-error"
  | "disk-low"
  | "disk-full";

export interface Temper {
  readonly relays: number;
  readonly quotas: number;
  readonly users: number;
  /** Milliseconds of load and faults. */
  readonly loadMs: number;
  readonly callGapMs: number;
  readonly faultGapMs: number;
  readonly faults: readonly { readonly kind: FaultKind; readonly weight: number }[];
  /** Of calls. */
  readonly burst: number;
  readonly leaves: number;
  readonly dies: number;
  readonly streams: number;
  readonly capped: number;
  /** Of streams: a part is reserved at first. */
  readonly extended: number;
  /** Of calls: the upstream makes more than it was told to. */
  readonly exceeds: number;
  readonly topUpGapMs: number;
  readonly depositMaxNanos: number;
  readonly segmentBytes: number;
  // Calmed at the end of the faults.
  readonly network: Mutable<NetworkTemper>;
  readonly disk: Mutable<DiskTemper>;
  readonly database: Mutable<DatabaseTemper>;
}

type Mutable<Shape> = { -readonly [Key in keyof Shape]: Shape[Key] };

/** What a caller fixes; the rest is drawn. */
export type TemperWish = Partial<Pick<Temper, "relays" | "exceeds" | "loadMs">> & {
  /** Weights that replace the drawn ones. */
  readonly faultWeights?: Partial<Record<FaultKind, number>>;
  readonly network?: Partial<NetworkTemper>;
  readonly disk?: Partial<DiskTemper>;
};

export function drawTemper(dice: Dice, wish: TemperWish): Temper {
  // A kind of fault that is off in some runs leaves room for the others.
  const rarely = (most: number): number => (dice.chance(0.5) ? dice.next() * most : 0);
  const weights: Record<FaultKind, number> = {
    "kill-relay": dice.integer(0, 10),
    "power-cut": dice.integer(0, 5),
    block: dice.integer(0, 8),
    "kill-quota": dice.integer(0, 8),
    "break-session": dice.integer(0, 6),
    "break-database": dice.chance(0.5) ? dice.integer(1, 5) : 0,
    "fail-over": dice.chance(0.2) ? dice.integer(1, 6) : 0,
    "sync-error": dice.chance(0.3) ? 1 : 0,
    "disk-low": dice.chance(0.3) ? 1 : 0,
    "disk-full": dice.chance(0.3) ? 1 : 0,
    ...wish.faultWeights,
  };
  return {
    relays: wish.relays ?? dice.integer(1, 4),
    quotas: dice.integer(1, 2),
    users: dice.integer(1, 4),
    loadMs: wish.loadMs ?? dice.integer(3000, 6000),
    callGapMs: dice.integer(15, 90),
    faultGapMs: dice.integer(150, 900),
    faults: faultKinds.map((kind) => ({ kind, weight: weights[kind] })),
    burst: dice.next() * 0.2,
    leaves: dice.next() * 0.2,
    dies: dice.next() * 0.1,
    streams: dice.next(),
    capped: rarely(0.5),
    extended: rarely(1),
    exceeds: wish.exceeds ?? 0,
    topUpGapMs: dice.integer(200, 2500),
    depositMaxNanos: dice.pick([10_000_000, 60_000_000, 1_000_000_000]),
    segmentBytes: dice.pick([2048, 8192, 1_000_000]),
    network: {
      slow: rarely(0.05),
      copied: rarely(0.1),
      answerLost: rarely(0.08),
      arrivesLate: dice.next(),
      ...wish.network,
    },
    disk: { slowSync: rarely(0.05), failedSync: 0, ...wish.disk },
    database: { slowStatement: rarely(0.03) },
  };
}

const faultKinds = [
  "kill-relay",
  "power-cut",
  "block",
  "kill-quota",
  "break-session",
  "break-database",
  "fail-over",
  "sync-error",
  "disk-low",
  "disk-full",
] as const satisfies readonly FaultKind[];

/** The world is kind from now on. */
export function calm({ network, disk, database }: Temper): void {
  Object.assign(network, { slow: 0, copied: 0, answerLost: 0, arrivesLate: 0 });
  Object.assign(disk, { slowSync: 0, failedSync: 0 });
  Object.assign(database, { slowStatement: 0 });
}
