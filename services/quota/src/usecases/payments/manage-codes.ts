import type { Clock } from "@tollgate/kit/clock/clock";
import { uuidV7Bytes } from "@tollgate/kit/ids/uuid-v7";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import { fault } from "#domain/faults.ts";
import { checkListRange } from "#domain/list-range.ts";
import type { ListRange, Page } from "#domain/list-range.ts";
import {
  checkCodeAmount,
  checkCodeCount,
  checkCodeExpiry,
  checkCodeName,
  checkCreditSeconds,
  codeStatusAt,
} from "#domain/redemption-code.ts";
import type { CodeStatus, RedemptionCode } from "#domain/redemption-code.ts";
import type { Transactions } from "#usecases/transaction.ts";
import { codeSorts } from "./payment-ports.ts";
import type { CodeFilter, CodePatch, CodeStore, CodeVault, StoredCode } from "./payment-ports.ts";

/** What looking after codes needs. */
export interface ManageCodesPorts {
  readonly transactions: Transactions;
  readonly codes: CodeStore;
  readonly codeVault: CodeVault;
  readonly clock: Pick<Clock, "nowMs">;
}

/** A batch of equal codes. */
export interface CodeBatch {
  readonly creatorId: number;
  readonly name: string;
  readonly count: number;
  readonly amountNanos: NanoUsd;
  /** How long the money can be spent after it was redeemed; 0 = for ever. */
  readonly creditSeconds: number;
  /** Seconds since 1970; 0 = never. */
  readonly expiresAt: number;
}

/** A code as operators see it. */
export interface ShownCode extends Omit<RedemptionCode, "status"> {
  readonly status: CodeStatus;
  /** The text to redeem. */
  readonly text: string;
}

/** Codes, for operators. */
export interface ManageCodes {
  /** Answers the texts. Throws CODE_INVALID and CODE_EXPIRY_INVALID. */
  readonly create: (
    batch: CodeBatch,
  ) => Promise<{ readonly batchId: Uint8Array; readonly codes: readonly string[] }>;
  /** Throws LIST_RANGE_INVALID and SORT_UNKNOWN. */
  readonly list: (
    filter: Omit<CodeFilter, "nowSeconds">,
    range: ListRange,
  ) => Promise<Page<ShownCode>>;
  /** Throws CODE_UNKNOWN. */
  readonly get: (id: number) => Promise<ShownCode>;
  /** Throws CODE_UNKNOWN, CODE_USED for a used one, and the faults of the fields. */
  readonly update: (id: number, patch: CodePatch) => Promise<ShownCode>;
  /** Throws CODE_UNKNOWN. */
  readonly remove: (id: number) => Promise<void>;
}

/** Makes the use cases. */
export function createManageCodes(ports: ManageCodesPorts): ManageCodes {
  const { transactions, codes, codeVault, clock } = ports;
  const nowSeconds = (): number => Math.floor(clock.nowMs() / 1000);
  const show = ({ code, hash, sealed }: StoredCode): ShownCode => ({
    ...code,
    status: codeStatusAt(code, nowSeconds()),
    text: codeVault.open(hash, sealed),
  });
  return {
    create: async (batch) => createBatch(ports, batch),
    list: async (filter, range) => {
      const page = checkListRange(range, codeSorts);
      const { rows, total } = await codes.list({ ...filter, nowSeconds: nowSeconds() }, page);
      return { rows: rows.map(show), total };
    },
    get: async (id) => show(present(await codes.find(id))),
    update: async (id, patch) =>
      transactions.run(async (tx) => {
        const { code } = present(await codes.lock(id, tx));
        if (code.status === "used") {
          throw fault("CODE_USED");
        }
        await codes.update(id, checkPatch(patch, code, nowSeconds()), tx);
        return show(present(await codes.find(id, tx)));
      }),
    remove: async (id) =>
      transactions.run(async (tx) => {
        present(await codes.lock(id, tx));
        await codes.remove(id, tx);
      }),
  };
}

async function createBatch(
  { transactions, codes, codeVault, clock }: ManageCodesPorts,
  batch: CodeBatch,
): Promise<{ readonly batchId: Uint8Array; readonly codes: readonly string[] }> {
  const nowMs = clock.nowMs();
  const createdAt = Math.floor(nowMs / 1000);
  const texts = Array.from({ length: checkCodeCount(batch.count) }, () => codeVault.newCode());
  const rows = {
    batchId: uuidV7Bytes(nowMs),
    creatorId: batch.creatorId,
    name: checkCodeName(batch.name),
    amountNanos: checkCodeAmount(batch.amountNanos),
    creditSeconds: checkCreditSeconds(batch.creditSeconds),
    createdAt,
    expiresAt: checkCodeExpiry(batch.expiresAt, createdAt),
    secrets: texts.map((text) => {
      const hash = codeVault.hash(text);
      return { hash, sealed: codeVault.seal(hash, text) };
    }),
  };
  await transactions.run(async (tx) => codes.insert(rows, tx));
  return { batchId: rows.batchId, codes: texts };
}

function checkPatch(patch: CodePatch, code: RedemptionCode, nowSeconds: number): CodePatch {
  const { status, name, amountNanos, expiresAt } = patch;
  return {
    ...(status !== undefined && { status }),
    ...(name !== undefined && { name: checkCodeName(name) }),
    ...(amountNanos !== undefined && { amountNanos: checkCodeAmount(amountNanos) }),
    // Forms send the whole code back: an expiry that stays may be over.
    ...(expiresAt !== undefined &&
      expiresAt !== code.expiresAt && { expiresAt: checkCodeExpiry(expiresAt, nowSeconds) }),
  };
}

function present(code: StoredCode | undefined): StoredCode {
  if (code === undefined) {
    throw fault("CODE_UNKNOWN", { sentence: "There is no such redemption code." });
  }
  return code;
}
