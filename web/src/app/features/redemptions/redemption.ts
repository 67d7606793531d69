import { toCsv } from "#core/format/csv";
import type { Tone } from "#ui/badge";
import type { IconName } from "#ui/icon/icons";

/** A redemption code as `GET /api/redemption/` lists it. */
export interface Redemption {
  readonly id: number;
  readonly name: string;
  /** The text to redeem. */
  readonly key: string;
  readonly status: number;
  readonly quota: number;
  readonly created_time: number;
  readonly redeemed_time: number;
  readonly expired_time: number;
  /** How many days the money can be spent after it was redeemed; 0 is for ever. */
  readonly credit_days: number;
  readonly batch_id: string;
  readonly redeemed_username: string;
}

export const CODE_ENABLED = 1;
export const CODE_DISABLED = 2;
export const CODE_USED = 3;

export interface StatusLook {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

const UNKNOWN: StatusLook = { label: "status.unknown", tone: "neutral", icon: "help" };

const LOOKS: Readonly<Record<number, StatusLook>> = {
  1: { label: "redemptions.unused", tone: "ok", icon: "check" },
  2: { label: "status.disabled", tone: "neutral", icon: "ban" },
  3: { label: "redemptions.used", tone: "info", icon: "check-circle" },
  4: { label: "status.expired", tone: "warn", icon: "clock" },
};

export function redemptionLook({ status }: Redemption): StatusLook {
  return LOOKS[status] ?? UNKNOWN;
}

/** Enough of the code to recognise it. */
export function codeHint({ key }: Redemption): string {
  return `…${key.slice(-4)}`;
}

/** A file name that every system takes. */
export function csvName(name: string): string {
  return `${name.replace(/[^\p{L}\p{N}._-]+/gu, "-").slice(0, 60) || "codes"}.csv`;
}

/** The codes for a spreadsheet or a shop. */
export function codesToCsv(codes: readonly Redemption[], money: (quota: number) => string): string {
  const head = ["id", "name", "code", "amount", "status", "created", "expires", "redeemed_by"];
  const rows = codes.map((code) => [
    String(code.id),
    code.name,
    code.key,
    money(code.quota),
    STATUS_NAMES[code.status] ?? "",
    toIso(code.created_time),
    toIso(code.expired_time),
    code.redeemed_username,
  ]);
  return toCsv([head, ...rows]);
}

const STATUS_NAMES: Readonly<Record<number, string>> = {
  1: "unused",
  2: "disabled",
  3: "used",
  4: "expired",
};

function toIso(seconds: number): string {
  return seconds > 0 ? new Date(seconds * 1000).toISOString() : "";
}
