/** All operator settings as One API shows them: those of quota, of registry, and our own. */
import { Code } from "@connectrpc/connect";
import type { Clock } from "@tollgate/kit/clock/clock";
import { Fault } from "@tollgate/kit/fault/fault";
import { adminFaults } from "#faults.ts";
import { limits } from "#limits.ts";
import type { RpcClients } from "#rpc/rpc-clients.ts";
import type { OptionValue, OwnOptions } from "./own-options.ts";

/** Reads and changes options of any owner. */
export interface OptionBook {
  /** Every option, sorted by key. Fails when an owner does not answer. */
  list(): Promise<readonly OptionValue[]>;
  /** Values as of at most two seconds ago; of an owner that does not answer, the last known ones, if any. */
  read(): Promise<OptionReader>;
  /** Gives the option to its owner. Throws OPTION_UNKNOWN, or the owner's fault about the value. */
  set(change: {
    readonly key: string;
    readonly value: string;
    readonly actorId: bigint;
  }): Promise<void>;
  /** True while quota and registry have answered lately. */
  isReady(): boolean;
}

/** A look at the options at one moment. */
export interface OptionReader {
  /** The value, or `fallback` when its owner has not answered yet. */
  text(key: string, fallback?: string): string;
  /** True for "true". */
  isOn(key: string, fallback?: boolean): boolean;
}

interface OptionOwner {
  list(): Promise<readonly OptionValue[]>;
  set(change: {
    readonly key: string;
    readonly value: string;
    readonly actorId: bigint;
  }): Promise<void>;
}

interface KnownPart {
  options: readonly OptionValue[];
  answeredAtMs: number | undefined;
}

/** What the book is made of. */
export interface OptionBookPorts {
  readonly rpc: Pick<RpcClients, "quotaOptions" | "registryOptions">;
  readonly own: OwnOptions;
  readonly clock: Clock;
}

/** Makes the book of this service. */
export function createOptionBook({ rpc, own, clock }: OptionBookPorts): OptionBook {
  const remote = [ownerOf(rpc.quotaOptions), ownerOf(rpc.registryOptions)];
  const parts = remote.map((): KnownPart => ({ options: [], answeredAtMs: undefined }));
  let reading: { readonly staleAtMs: number; readonly reader: Promise<OptionReader> } | undefined;
  const refreshPart = async (owner: OptionOwner, part: KnownPart): Promise<void> => {
    try {
      part.options = await owner.list();
      part.answeredAtMs = clock.monotonicMs();
    } catch (error) {
      // What was known stays; readiness tells that the owner is away.
      if (!(error instanceof Fault)) {
        throw error;
      }
    }
  };
  const refresh = async (): Promise<OptionReader> => {
    const [ownValues] = await Promise.all([
      own.list(),
      ...parts.map(async (part, index) => {
        const owner = remote[index];
        return owner === undefined ? undefined : refreshPart(owner, part);
      }),
    ]);
    return readerOf([...parts.flatMap((part) => part.options), ...ownValues]);
  };
  return {
    async list() {
      const lists = await Promise.all([own.list(), ...remote.map(async (owner) => owner.list())]);
      return lists.flat().sort((left, right) => (left.key < right.key ? -1 : 1));
    },
    async read() {
      if (reading === undefined || reading.staleAtMs <= clock.monotonicMs()) {
        const reader = refresh();
        reading = { staleAtMs: clock.monotonicMs() + limits.optionCacheMs, reader };
        reader.catch(() => {
          // The caller sees the failure; here it only must not stay.
          reading = undefined;
        });
      }
      return reading.reader;
    },
    async set(change) {
      reading = undefined;
      await (own.owns(change.key) ? own.set(change.key, change.value) : offer(remote, change));
      reading = undefined;
    },
    isReady: () =>
      parts.every(
        ({ answeredAtMs }) =>
          answeredAtMs !== undefined &&
          clock.monotonicMs() - answeredAtMs <= limits.readinessAgeMsMax,
      ),
  };
}

function ownerOf(client: RpcClients["quotaOptions"] | RpcClients["registryOptions"]): OptionOwner {
  return {
    async list() {
      const { options } = await client.listOptions({}, { timeoutMs: limits.statusDeadlineMs });
      return options.map(({ key, value, secret }) => ({ key, value: secret ? "" : value, secret }));
    },
    async set(change) {
      await client.setOption(change);
    },
  };
}

/** Owners answer NOT_FOUND for what is not theirs. */
async function offer(
  owners: readonly OptionOwner[],
  change: Parameters<OptionOwner["set"]>[0],
): Promise<void> {
  for (const owner of owners) {
    try {
      await owner.set(change);
      return;
    } catch (error) {
      if (!(error instanceof Fault && error.code === Code.NotFound)) {
        throw error;
      }
    }
  }
  throw adminFaults.fault("OPTION_UNKNOWN", {
    sentence: `There is no option named "${change.key}".`,
  });
}

function readerOf(options: readonly OptionValue[]): OptionReader {
  const values = new Map(options.map(({ key, value }) => [key, value]));
  return {
    text: (key, fallback = "") => values.get(key) ?? fallback,
    isOn: (key, fallback = false) => (values.get(key) ?? String(fallback)) === "true",
  };
}
