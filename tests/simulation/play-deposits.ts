import { nanoUsd } from "@tollgate/kit/money/nano-usd";
import { addTo } from "./call-book.ts";
import type { World } from "./world.ts";

/** Whoever pays in: sends every deposit until it is confirmed, and again when the database has forgotten it. */
export interface Deposits {
  readonly payFirst: () => Promise<void>;
  readonly begin: () => void;
  readonly stop: () => void;
  /** The standby copies the database now. */
  readonly mark: () => void;
  /** What came after the mark is lost. */
  readonly repeatSinceMark: () => void;
}

interface Deposit {
  readonly requestId: string;
  readonly userId: number;
  readonly nanos: bigint;
}

const retryMs = 60;

export function playDeposits(world: World): Deposits {
  const { clock, dice, temper, book } = world.ports;
  const sent: Deposit[] = [];
  let marked = 0;
  let isRunning = false;
  const deliver = async (deposit: Deposit): Promise<void> => {
    const { unconfirmed } = book;
    const { userId } = deposit;
    unconfirmed.set(userId, (unconfirmed.get(userId) ?? 0) + 1);
    while (!(await tryOnce(world, deposit))) {
      await new Promise<void>((resolve) => {
        clock.setTimeout(resolve, retryMs);
      });
    }
    unconfirmed.set(userId, (unconfirmed.get(userId) ?? 1) - 1);
  };
  const pay = async (userId: number, nanos: bigint): Promise<void> => {
    const deposit = { requestId: `deposit-${sent.length}`, userId, nanos };
    sent.push(deposit);
    addTo(book.deposits, userId, nanos);
    await deliver(deposit);
  };
  const amount = (): bigint => BigInt(dice.integer(1, temper.depositMaxNanos));
  const schedule = (): void => {
    clock.setTimeout(
      () => {
        if (isRunning) {
          void pay(dice.integer(1, temper.users), amount());
          schedule();
        }
      },
      dice.integer(1, 2 * temper.topUpGapMs),
    );
  };
  return {
    payFirst: async () => {
      for (let userId = 1; userId <= temper.users; userId += 1) {
        await pay(userId, amount());
      }
    },
    begin: () => {
      isRunning = true;
      schedule();
    },
    stop: () => {
      isRunning = false;
    },
    mark: () => {
      marked = sent.length;
    },
    repeatSinceMark: () => {
      // One that was under way at the mark may not have been committed either.
      for (const deposit of sent.slice(Math.max(0, marked - 5))) {
        void deliver(deposit);
      }
    },
  };
}

async function tryOnce(world: World, { requestId, userId, nanos }: Deposit): Promise<boolean> {
  const money = world.ports.dice.pick(world.quotas).money();
  if (money === undefined) {
    return false;
  }
  const adjustment = { requestId, userId, amountNanos: nanoUsd(nanos), remark: "", actorId: 0 };
  try {
    await money.useCases.adjustWallet({ ...adjustment, kind: "top-up" });
    return true;
  } catch {
    // Its answer may be what is lost: the next try says the same under the same name.
    return false;
  }
}
