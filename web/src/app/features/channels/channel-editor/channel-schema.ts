import { applyWhen, maxLength, min, required, schema, validate } from "@angular/forms/signals";
import { type Channel, type ChannelType, namesOf } from "../channel";

/** What becomes of a call whose caller has left. */
export type Leaving = "abort" | "drain";

/** What the editor holds. The credential is write-only: empty keeps the stored one. */
export interface ChannelDraft {
  readonly isNew: boolean;
  readonly type: number;
  readonly name: string;
  readonly keys: string;
  readonly baseUrl: string;
  readonly needsBaseUrl: boolean;
  /** Without the members that have fields of their own. */
  readonly config: Readonly<Record<string, string>>;
  readonly leavingStream: Leaving;
  readonly leavingWhole: Leaving;
  readonly other: string;
  readonly models: readonly string[];
  readonly groups: readonly string[];
  readonly mapping: string;
  readonly systemPrompt: string;
  readonly priority: number;
  readonly weight: number;
}

export const newChannelDraft: ChannelDraft = {
  isNew: true,
  type: 1,
  name: "",
  keys: "",
  baseUrl: "",
  needsBaseUrl: false,
  config: {},
  leavingStream: "abort",
  leavingWhole: "drain",
  other: "",
  models: [],
  groups: ["default"],
  mapping: "",
  systemPrompt: "",
  priority: 0,
  weight: 0,
};

const LEAVING_STREAM = "on_disconnect_stream";
const LEAVING_WHOLE = "on_disconnect_whole";

/** A demo channel answers locally and has no credential. */
export const DEMO_TYPE = 1000;

export const channelSchema = schema<ChannelDraft>((path) => {
  required(path.name, { message: "error.required" });
  maxLength(path.name, 64, { message: "error.nameLong" });
  applyWhen(
    path,
    ({ value }) => value().isNew && value().type !== DEMO_TYPE,
    (draft) => required(draft.keys, { message: "error.required" }),
  );
  required(path.baseUrl, {
    message: "error.required",
    when: ({ valueOf }) => valueOf(path.needsBaseUrl),
  });
  validate(path.baseUrl, ({ value }) =>
    value() === "" || isHttpUrl(value()) ? undefined : { kind: "url", message: "error.url" },
  );
  validate(path.models, ({ value }) =>
    value().length > 0 ? undefined : { kind: "models", message: "error.models" },
  );
  validate(path.groups, ({ value }) =>
    value().length > 0 ? undefined : { kind: "groups", message: "error.groups" },
  );
  validate(path.mapping, ({ value }) =>
    isMapping(value()) ? undefined : { kind: "mapping", message: "error.mapping" },
  );
  min(path.weight, 0, { message: "error.negative" });
});

/** Counts the pasted keys: one a line, blanks and repetitions left out. */
export function parseKeys(text: string): {
  readonly keys: readonly string[];
  readonly repeated: number;
} {
  const trimmed = text.trim();
  // One JSON document (a service account) spans lines and is one key.
  if (trimmed.startsWith("{")) return { keys: [trimmed], repeated: 0 };
  const lines = trimmed
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const keys = [...new Set(lines)];
  return { keys, repeated: lines.length - keys.length };
}

export function draftOf(channel: Channel, type: ChannelType | undefined): ChannelDraft {
  const {
    [LEAVING_STREAM]: stream,
    [LEAVING_WHOLE]: whole,
    ...config
  } = parseConfig(channel.config);
  return {
    isNew: false,
    type: channel.type,
    name: channel.name,
    keys: "",
    baseUrl: channel.base_url ?? "",
    needsBaseUrl: type?.requires_base_url === true,
    config,
    leavingStream: stream === "drain" ? "drain" : "abort",
    leavingWhole: whole === "abort" ? "abort" : "drain",
    other: channel.other ?? "",
    models: namesOf(channel.models),
    groups: namesOf(channel.group),
    mapping: channel.model_mapping ?? "",
    systemPrompt: channel.system_prompt ?? "",
    priority: channel.priority ?? 0,
    weight: channel.weight ?? 0,
  };
}

/**
 * The draft as the management API takes it; members it does not know are kept by the caller. A blank
 * member of the configuration is left out, unless it was blank in `original`: that is a secret, which
 * the server shows to nobody and keeps when it comes back blank.
 */
export function toWire(
  draft: ChannelDraft,
  original: Pick<ChannelDraft, "config">,
): Readonly<Record<string, unknown>> {
  const config = Object.fromEntries(
    Object.entries(draft.config).filter(
      ([name, value]) => value !== "" || original.config[name] === "",
    ),
  );
  if (draft.leavingStream === "drain") config[LEAVING_STREAM] = "drain";
  if (draft.leavingWhole === "abort") config[LEAVING_WHOLE] = "abort";
  return {
    type: draft.type,
    name: draft.name.trim(),
    key: parseKeys(draft.keys).keys.join("\n"),
    base_url: draft.baseUrl.trim().replace(/\/+$/, ""),
    other: draft.other.trim(),
    // Never blank: that would leave the stored one alone.
    config: JSON.stringify(config),
    models: draft.models.join(","),
    group: draft.groups.join(","),
    model_mapping: draft.mapping.trim(),
    system_prompt: draft.systemPrompt,
    priority: draft.priority,
    weight: draft.weight,
  };
}

function parseConfig(text: string | null | undefined): Readonly<Record<string, string>> {
  if (!text) return {};
  try {
    const parsed: unknown = JSON.parse(text);
    if (parsed === null || typeof parsed !== "object") return {};
    return Object.fromEntries(
      Object.entries(parsed).map(([name, value]) => [name, String(value ?? "")]),
    );
  } catch {
    // An unreadable configuration is shown as none; saving replaces it.
    return {};
  }
}

function isMapping(text: string): boolean {
  if (text.trim() === "") return true;
  try {
    const parsed: unknown = JSON.parse(text);
    const isObject = parsed !== null && typeof parsed === "object" && !Array.isArray(parsed);
    return isObject && Object.values(parsed).every((value) => typeof value === "string");
  } catch {
    return false;
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text.trim()) && /^https?:$/.test(new URL(text.trim()).protocol);
}
