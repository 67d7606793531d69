import type { Tone } from "#ui/badge";
import type { IconName } from "#ui/icon/icons";

/** A channel as `GET /api/channel/` lists it; its credential never comes back. */
export interface Channel {
  readonly id: number;
  readonly type: number;
  readonly name: string;
  readonly status: number;
  readonly models: string;
  readonly group: string;
  readonly priority?: number | null;
  readonly weight?: number | null;
  readonly base_url?: string | null;
  readonly other?: string | null;
  readonly config?: string | null;
  readonly model_mapping?: string | null;
  readonly system_prompt?: string | null;
  readonly used_quota: number;
  readonly response_time: number;
  readonly test_time: number;
  readonly balance: number;
  readonly balance_updated_time: number;
  readonly created_time: number;
  readonly status_reason?: string;
  readonly cooling_until?: number;
  readonly key_hint?: string;
  readonly success_1h?: number;
  readonly requests_1h?: number;
}

/** One kind of upstream that a channel can lead to. */
export interface ChannelType {
  readonly id: number;
  readonly name: string;
  readonly label_en: string;
  readonly label_zh: string;
  readonly base_url?: string;
  readonly key_format?: string;
  readonly requires_base_url?: boolean;
  readonly config_fields?: readonly ConfigField[];
}

/** A member of a channel's configuration that only its type needs, such as a region. */
export interface ConfigField {
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  readonly secret: boolean;
}

export const CHANNEL_ENABLED = 1;
export const CHANNEL_MANUALLY_OFF = 2;
const CHANNEL_AUTO_OFF = 3;

export interface StatusLook {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: IconName;
}

/** A resting channel is enabled but passed over for a while after failures. */
export function channelLook(channel: Channel): StatusLook {
  const isCooling = (channel.cooling_until ?? 0) * 1000 > Date.now();
  if (channel.status === CHANNEL_AUTO_OFF) {
    return { label: "channels.status.autoOff", tone: "bad", icon: "alert" };
  }
  if (channel.status === CHANNEL_MANUALLY_OFF) {
    return { label: "channels.status.off", tone: "neutral", icon: "ban" };
  }
  if (isCooling) return { label: "channels.status.cooling", tone: "warn", icon: "clock" };
  return { label: "channels.status.on", tone: "ok", icon: "check" };
}

export function typeLabel(type: ChannelType, language: string): string {
  return (language === "zh-CN" ? type.label_zh : type.label_en) || type.name;
}

/** Tone of a test's duration: under one second is quick, over five is slow. */
export function speedTone(milliseconds: number): "ok" | "warn" | "bad" {
  if (milliseconds <= 1_000) return "ok";
  return milliseconds <= 5_000 ? "warn" : "bad";
}

export function namesOf(text: string | null | undefined): readonly string[] {
  return (text ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}
