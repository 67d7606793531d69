import { argon2, randomBytes, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { fault } from "#domain/faults.ts";
import {
  formatStoredPassword,
  isOutdated,
  parseStoredPassword,
  presentPasswordCost,
} from "#domain/password.ts";
import type { PasswordCost, StoredPassword } from "#domain/password.ts";
import type { PasswordHasher } from "#usecases/identity/identity-ports.ts";

/** How much work the hasher takes on. */
export interface PasswordHasherOptions {
  /** Hashes at once; each takes 19 MiB and a thread. */
  readonly runningMax: number;
  /** Hashes that wait for their turn; one more is refused. */
  readonly waitingMax: number;
  readonly cost?: PasswordCost;
}

const saltBytes = 16;
const hashBytes = 32;
const retryAfterMs = 2000;
const deriveArgon2 = promisify(argon2);

/** argon2id on the thread pool. */
export function createPasswordHasher(options: PasswordHasherOptions): PasswordHasher {
  const enter = createTurnstile(options);
  const cost = options.cost ?? presentPasswordCost;
  // Stands in for users who do not exist, so that asking about them costs the same.
  const nobody: StoredPassword = {
    cost,
    salt: randomBytes(saltBytes),
    hash: randomBytes(hashBytes),
  };
  return {
    hash: async (password) => {
      const salt = randomBytes(saltBytes);
      const hash = await enter(async () => derive(password, { cost, salt, hashBytes }));
      return formatStoredPassword({ cost, salt, hash });
    },
    verify: async (password, text) => {
      const stored = text === undefined ? undefined : parseStoredPassword(text);
      const compared = stored ?? nobody;
      const hash = await enter(async () =>
        derive(password, {
          cost: compared.cost,
          salt: compared.salt,
          hashBytes: compared.hash.length,
        }),
      );
      const isEqual = timingSafeEqual(hash, compared.hash);
      return {
        isRight: stored !== undefined && isEqual,
        isOutdated: stored !== undefined && isOutdated(stored),
      };
    },
  };
}

interface Derivation {
  readonly cost: PasswordCost;
  readonly salt: Uint8Array;
  readonly hashBytes: number;
}

async function derive(password: string, derivation: Derivation): Promise<Uint8Array> {
  const { cost, salt } = derivation;
  return deriveArgon2("argon2id", {
    message: password,
    nonce: salt,
    parallelism: cost.parallelism,
    tagLength: derivation.hashBytes,
    memory: cost.memoryKib,
    passes: cost.passes,
  });
}

type Enter = <Value>(work: () => Promise<Value>) => Promise<Value>;

/** Lets a bounded number run and a bounded number wait, first come first served. Throws PASSWORD_CHECK_BUSY. */
function createTurnstile({ runningMax, waitingMax }: PasswordHasherOptions): Enter {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= runningMax) {
      if (waiting.length >= waitingMax) {
        throw fault("PASSWORD_CHECK_BUSY", { retryAfterMs });
      }
      // Whoever leaves hands its place over, so `running` does not change here.
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
      });
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next === undefined) {
        running -= 1;
      } else {
        next();
      }
    }
  };
}
