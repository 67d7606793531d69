import { connect } from "node:net";
import type { ChaosLink, LinkMode } from "./chaos-link.ts";
import type { FaultKind, PlannedFault } from "./fault-plan.ts";
import type { KeptProcess } from "./kept-process.ts";
import type { KeptServer, System } from "./system.ts";

export interface FaultStage {
  readonly system: System;
  /** Switches a key of a customer off or on. */
  readonly switchKey: (isOn: boolean) => Promise<void>;
  readonly note: (text: string) => void;
}

/** A fault that was played. */
export interface PlayedFault extends PlannedFault {
  readonly target: string;
  readonly startedAtMs: number;
  endedAtMs: number;
}

/** Plays a plan; resolves when its last fault has ended and everything that was killed takes connections again. */
export async function playFaults(
  stage: FaultStage,
  plan: readonly PlannedFault[],
): Promise<readonly PlayedFault[]> {
  const startMs = Date.now();
  const played: PlayedFault[] = [];
  const busy = new Map<string, Promise<void>>();
  const running: Promise<void>[] = [];
  for (const fault of plan) {
    const waitMs = startMs + fault.atMs - Date.now();
    if (waitMs > 0) {
      await sleep(waitMs);
    }
    const act = actOf(stage, fault);
    const run = async (): Promise<void> => {
      // One fault at a time for each victim; faults of different victims overlap.
      await busy.get(act.target);
      const entry = { ...fault, target: act.target, startedAtMs: Date.now(), endedAtMs: 0 };
      played.push(entry);
      stage.note(`${fault.kind}: ${act.target} for ${fault.forMs} ms`);
      await act.begin();
      await sleep(fault.forMs);
      await act.end();
      entry.endedAtMs = Date.now();
    };
    const done = run();
    busy.set(act.target, done);
    running.push(done);
  }
  await Promise.all(running);
  return played;
}

interface Act {
  readonly target: string;
  readonly begin: () => Promise<void> | void;
  readonly end: () => Promise<void> | void;
}

function actOf(stage: FaultStage, { kind, victim }: PlannedFault): Act {
  const { system } = stage;
  const [verb, object] = splitKind(kind);
  const pick = <Item>(items: readonly Item[]): Item => pickBy(items, victim);
  switch (verb) {
    case "kill":
      return object === "mariadb" || object === "redis"
        ? killServer(object, system[object])
        : killProcess(pick(processesOf(system, object)));
    case "pause":
      return object === "mariadb"
        ? pauseServer(object, system.mariadb)
        : pauseProcess(pick(processesOf(system, object)));
    case "flush":
      return { target: "redis", begin: async () => flush(system.redisUrl()), end: nothing };
    case "switch":
      return {
        target: "key",
        begin: async () => stage.switchKey(false),
        end: async () => stage.switchKey(true),
      };
    default:
      return playLink(verb, pick(linksOf(system, object)), victim);
  }
}

/** "drop replies relay>quota" is "drop replies" on "relay>quota". */
function splitKind(kind: FaultKind): readonly [string, string] {
  const at = kind.lastIndexOf(" ");
  return [kind.slice(0, at), kind.slice(at + 1)];
}

function processesOf(system: System, service: string): readonly KeptProcess[] {
  return system
    .processes()
    .filter(({ name }) => name === service || name.startsWith(`${service}-`));
}

function linksOf(system: System, edge: string): readonly ChaosLink[] {
  const [from = "", to = ""] = edge.split(">");
  return system.links.filter(({ name }) => {
    const [left = "", right = ""] = name.split(">");
    return left.startsWith(from) && right.startsWith(to);
  });
}

function killProcess(one: KeptProcess): Act {
  return { target: one.name, begin: async () => one.kill(), end: async () => one.start() };
}

function pauseProcess(one: KeptProcess): Act {
  return { target: one.name, begin: () => one.pause(), end: () => one.resume() };
}

function killServer(target: string, server: KeptServer): Act {
  return { target, begin: async () => server.kill(), end: async () => server.start() };
}

function pauseServer(target: string, server: KeptServer): Act {
  return {
    target,
    begin: () => {
      process.kill(server.pid(), "SIGSTOP");
    },
    end: () => {
      process.kill(server.pid(), "SIGCONT");
    },
  };
}

function playLink(verb: string, link: ChaosLink, victim: number): Act {
  // The digits that did not choose the link choose the rest.
  const draw = (victim * 997) % 1;
  const during = (mode: LinkMode): Act => ({
    target: link.name,
    begin: () => link.setMode(mode),
    end: () => link.setMode({ kind: "open" }),
  });
  switch (verb) {
    case "cut":
      return during({ kind: "cut" });
    case "delay":
      return during({ kind: "delay", ms: 50 + Math.floor(draw * 1000) });
    case "one way":
      return during({ kind: "mute", towards: draw < 0.5 ? "server" : "both" });
    case "drop replies":
      return during({ kind: "mute", towards: "client" });
    case "lose commits":
      return during({ kind: "lose", answersTo: "commit" });
    case "reset":
      return { target: link.name, begin: () => link.reset(), end: nothing };
    default:
      throw new Error(`no fault is named ${verb}`);
  }
}

const nothing = (): void => undefined;

function pickBy<Item>(items: readonly Item[], draw: number): Item {
  const item = items[Math.floor(draw * items.length)];
  if (item === undefined) {
    throw new Error("a fault has no victim");
  }
  return item;
}

async function flush(url: string): Promise<void> {
  const socket = connect(Number(new URL(url).port), "127.0.0.1");
  await new Promise<void>((resolve) => {
    socket.once("connect", () => socket.write("FLUSHALL\r\n"));
    socket.once("data", () => resolve());
    // Redis may be down just then: it holds nothing in that case.
    socket.once("error", () => resolve());
  });
  socket.destroy();
}

async function sleep(ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
