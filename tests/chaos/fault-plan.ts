import { createRandom, type Random } from "./random.ts";

/** What a fault does; `target` of {@link PlannedFault} is an index into the processes or links of that kind. */
export type FaultKind =
  | "kill relay"
  | "kill quota"
  | "kill registry"
  | "kill scheduler"
  | "kill admin"
  | "kill mariadb"
  | "kill redis"
  | "flush redis"
  | "pause relay"
  | "pause quota"
  | "pause mariadb"
  | "cut relay>quota"
  | "one way relay>quota"
  | "delay relay>quota"
  | "reset relay>quota"
  | "drop replies relay>quota"
  | "cut relay>registry"
  | "delay relay>registry"
  | "reset quota>mariadb"
  | "delay quota>mariadb"
  | "drop replies quota>mariadb"
  | "lose commits quota>mariadb"
  | "switch key";

export interface PlannedFault {
  readonly atMs: number;
  readonly kind: FaultKind;
  /** From 0 inclusive to 1 exclusive: which one of the possible victims. */
  readonly victim: number;
  /** How long it lasts; of a kill, how long the victim stays down. */
  readonly forMs: number;
}

interface FaultRule {
  readonly weight: number;
  readonly forMs: readonly [min: number, max: number];
}

const rules: Readonly<Record<FaultKind, FaultRule>> = {
  "kill relay": { weight: 12, forMs: [0, 1500] },
  "kill quota": { weight: 6, forMs: [0, 2000] },
  "kill registry": { weight: 1, forMs: [0, 2000] },
  "kill scheduler": { weight: 0.7, forMs: [0, 2000] },
  "kill admin": { weight: 1, forMs: [0, 2000] },
  "kill mariadb": { weight: 1.5, forMs: [0, 2000] },
  "kill redis": { weight: 0.7, forMs: [0, 2000] },
  "flush redis": { weight: 0.7, forMs: [0, 0] },
  "pause relay": { weight: 2, forMs: [200, 4000] },
  "pause quota": { weight: 2, forMs: [200, 4000] },
  "pause mariadb": { weight: 1, forMs: [200, 3000] },
  "cut relay>quota": { weight: 3, forMs: [200, 6000] },
  "one way relay>quota": { weight: 3, forMs: [200, 5000] },
  "delay relay>quota": { weight: 3, forMs: [1000, 5000] },
  "reset relay>quota": { weight: 4, forMs: [0, 0] },
  "drop replies relay>quota": { weight: 12, forMs: [100, 1200] },
  "cut relay>registry": { weight: 1, forMs: [500, 5000] },
  "delay relay>registry": { weight: 1, forMs: [500, 5000] },
  "reset quota>mariadb": { weight: 2, forMs: [0, 0] },
  "delay quota>mariadb": { weight: 1.5, forMs: [500, 4000] },
  "drop replies quota>mariadb": { weight: 4, forMs: [50, 600] },
  "lose commits quota>mariadb": { weight: 5, forMs: [50, 1000] },
  "switch key": { weight: 4, forMs: [300, 2000] },
};

/** Kinds that every run must have, however short it is. */
const musts: readonly FaultKind[] = [
  "kill relay",
  "kill quota",
  "kill mariadb",
  "kill registry",
  "kill redis",
  "drop replies relay>quota",
  "drop replies quota>mariadb",
  "lose commits quota>mariadb",
  "lose commits quota>mariadb",
  "lose commits quota>mariadb",
  "cut relay>quota",
  "pause relay",
  "switch key",
];

/** The faults of a run, in order: the same seed and length give the same plan. */
export function planFaults(seed: string, lengthMs: number, gapMs: number): readonly PlannedFault[] {
  const random = createRandom(`${seed} faults`);
  const plan: PlannedFault[] = musts.map((kind) =>
    plannedFault(kind, random.next() * lengthMs * 0.9, random),
  );
  for (let atMs = 0; ;) {
    atMs += -Math.log(1 - random.next()) * gapMs;
    if (atMs >= lengthMs) {
      return plan.toSorted((left, right) => left.atMs - right.atMs);
    }
    plan.push(plannedFault(pickKind(random), atMs, random));
  }
}

function plannedFault(kind: FaultKind, atMs: number, random: Random): PlannedFault {
  const [min, max] = rules[kind].forMs;
  return {
    atMs: Math.round(atMs),
    kind,
    victim: random.next(),
    forMs: random.integer(min, max),
  };
}

const kinds = Object.keys(rules).filter(isFaultKind);

function pickKind(random: Random): FaultKind {
  const total = kinds.reduce((sum, kind) => sum + rules[kind].weight, 0);
  let point = random.next() * total;
  return kinds.find((kind) => (point -= rules[kind].weight) < 0) ?? "kill relay";
}

function isFaultKind(name: string): name is FaultKind {
  return Object.hasOwn(rules, name);
}
