import type { Tone } from "#ui/badge";
import type { IconName } from "#ui/icon/icons";

/** An API key as `GET /api/token/` lists it. */
export interface Token {
  readonly id: number;
  readonly name: string;
  readonly status: number;
  /** The whole key without its prefix, when the server lets its owner see it again. */
  readonly key?: string;
  /** Enough of the key to recognise it. */
  readonly key_hint?: string;
  readonly used_quota: number;
  readonly remain_quota: number;
  readonly unlimited_quota: boolean;
  readonly created_time: number;
  readonly accessed_time?: number;
  readonly expired_time: number;
  readonly models?: string | null;
  readonly subnet?: string | null;
  readonly group?: string;
}

export const TOKEN_ENABLED = 1;
export const TOKEN_DISABLED = 2;

export interface StatusLook {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

const LOOKS: Readonly<Record<number, StatusLook>> = {
  1: { label: "status.enabled", tone: "ok", icon: "check" },
  2: { label: "status.disabled", tone: "neutral", icon: "ban" },
  3: { label: "status.expired", tone: "warn", icon: "clock" },
  4: { label: "status.depleted", tone: "bad", icon: "wallet" },
};

export function tokenLook(token: Token): StatusLook {
  const { status, expired_time: end } = token;
  const isOver = status === TOKEN_ENABLED && end > 0 && end * 1000 < Date.now();
  return LOOKS[isOver ? 3 : status] ?? { label: "status.unknown", tone: "neutral", icon: "help" };
}

/** The key as a customer uses it, or undefined when it is not shown again. */
export function fullKey(token: Token): string | undefined {
  if (!token.key || token.key.includes("*") || token.key.includes("…")) return undefined;
  return token.key.startsWith("sk-") ? token.key : `sk-${token.key}`;
}

export function keyHint(token: Token): string {
  const { key_hint: hint } = token;
  if (hint) return hint.startsWith("sk-") ? hint : `sk-…${hint}`;
  const key = fullKey(token);
  return key ? `sk-…${key.slice(-4)}` : "sk-…";
}

export function listOf(text: string | null | undefined): readonly string[] {
  return (text ?? "").split(/[\s,]+/).filter((part) => part !== "");
}
