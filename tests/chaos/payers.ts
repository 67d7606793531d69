import type { AdminClient } from "../e2e/harness/admin-client.ts";
import { createAdminClient, record, records } from "../e2e/harness/admin-client.ts";

/** How a payer is set up and used. */
export type PayerKind =
  /** Has plenty. */
  | "rich"
  /** Has next to nothing and makes many calls at once. */
  | "poor"
  /** Has plenty, behind a key with a small cap. */
  | "capped"
  /** Has plenty, behind a key that is switched off and on. */
  | "toggled";

/** A user with one key. */
export interface Payer {
  readonly name: string;
  readonly kind: PayerKind;
  readonly userId: number;
  readonly keyId: number;
  /** With `sk-`. */
  readonly key: string;
  /** The user's own access to the management API. */
  readonly own: AdminClient;
}

/** A deposit, written down before the system is asked for it. */
export interface Deposit {
  readonly id: string;
  readonly userId: number;
  readonly units: number;
  isAcknowledged: boolean;
  /** How often it was sent. */
  sends: number;
}

/** One quota unit in nano-USD. */
export const unitNanos = 2000n;

const units: Readonly<Record<PayerKind, number>> = {
  rich: 5_000_000,
  poor: 400,
  capped: 5_000_000,
  toggled: 5_000_000,
};
const capUnits = 20_000;

export interface PayerWish {
  readonly name: string;
  readonly kind: PayerKind;
}

/** Makes a user with a key through the public API, and its first deposit. */
export async function makePayer(
  { admin, adminUrl, deposits }: PayerTools,
  { name, kind }: PayerWish,
): Promise<Payer> {
  const password = `password of ${name}`;
  await admin.call("POST", "/api/user/", { username: name, password, display_name: name });
  const user = records(
    await admin.call("GET", `/api/user/?p=0&page_size=100&keyword=${name}`),
  ).find((candidate) => candidate["username"] === name);
  const userId = Number(user?.["id"]);
  await deposits.make(userId, units[kind]);
  const own = createAdminClient(adminUrl, await accessTokenOf(adminUrl, name, password));
  const made = record(
    await own.call("POST", "/api/token/", {
      name: "chaos",
      expired_time: -1,
      unlimited_quota: kind !== "capped",
      remain_quota: kind === "capped" ? capUnits : 0,
      models: "",
      subnet: "",
    }),
  );
  return { name, kind, userId, keyId: Number(made["id"]), key: `sk-${String(made["key"])}`, own };
}

export interface PayerTools {
  readonly admin: AdminClient;
  readonly adminUrl: string;
  readonly deposits: Deposits;
}

/** Makes deposits and keeps the book of them. */
export interface Deposits {
  readonly book: readonly Deposit[];
  /** Sends it, under one idempotency key, until it is acknowledged; now and then once more. */
  make(userId: number, units: number): Promise<void>;
}

const retryMs = 500;
const depositMs = 5000;

/** Opens the book. `isReplayed` decides whether an acknowledged deposit is sent again. */
export function openDeposits(
  adminUrl: string,
  accessToken: string,
  isReplayed: () => boolean,
): Deposits {
  const book: Deposit[] = [];
  const send = async (deposit: Deposit): Promise<boolean> => {
    deposit.sends += 1;
    try {
      const response = await fetch(`${adminUrl}/api/topup`, {
        method: "POST",
        headers: {
          authorization: accessToken,
          "content-type": "application/json",
          "idempotency-key": deposit.id,
        },
        body: JSON.stringify({ user_id: deposit.userId, quota: deposit.units, remark: deposit.id }),
        signal: AbortSignal.timeout(depositMs),
      });
      const text = await response.text();
      return response.ok && text.includes('"success":true');
    } catch {
      // The portal or what it leans on is down: the outcome is not known, and the same deposit is sent again.
      return false;
    }
  };
  return {
    book,
    make: async (userId, amount) => {
      const deposit: Deposit = {
        id: `deposit-${book.length}`,
        userId,
        units: amount,
        isAcknowledged: false,
        sends: 0,
      };
      book.push(deposit);
      while (!(await send(deposit))) {
        await new Promise((resolve) => {
          setTimeout(resolve, retryMs);
        });
      }
      deposit.isAcknowledged = true;
      if (isReplayed()) {
        await send(deposit);
      }
    },
  };
}

async function accessTokenOf(adminUrl: string, name: string, password: string): Promise<string> {
  const login = await fetch(`${adminUrl}/api/user/login`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: adminUrl },
    body: JSON.stringify({ username: name, password }),
  });
  const cookie = login.headers.get("set-cookie")?.split(";")[0] ?? "";
  const token = await fetch(`${adminUrl}/api/user/token`, {
    headers: { cookie, "sec-fetch-site": "same-origin", "x-requested-with": "XMLHttpRequest" },
  });
  return String(record(await token.json())["data"]);
}
