import { maxLength, min, required, schema, validate } from "@angular/forms/signals";
import { localDateTime } from "#core/format/local-date-time";
import { type Token, listOf } from "../token";

/** What the editor holds; times are the text of a date-time field, empty for never. */
export interface TokenDraft {
  readonly name: string;
  readonly unlimited: boolean;
  readonly quota: number;
  readonly expires: string;
  readonly models: readonly string[];
  readonly subnets: string;
}

export const newTokenDraft: TokenDraft = {
  name: "",
  unlimited: true,
  quota: 0,
  expires: "",
  models: [],
  subnets: "",
};

const CIDR = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)(?:\/\d{1,3})?$/i;

export const tokenSchema = schema<TokenDraft>((path) => {
  required(path.name, { message: "error.required" });
  maxLength(path.name, 64, { message: "error.nameLong" });
  min(path.quota, 0, { message: "error.negative" });
  validate(path.expires, ({ value }) => {
    const isPast = value() !== "" && new Date(value()).getTime() <= Date.now();
    return isPast ? { kind: "past", message: "error.past" } : undefined;
  });
  validate(path.subnets, ({ value }) => {
    const broken = listOf(value()).some((part) => !CIDR.test(part));
    return broken ? { kind: "cidr", message: "error.cidr" } : undefined;
  });
});

export function draftOf(token: Token): TokenDraft {
  return {
    name: token.name,
    unlimited: token.unlimited_quota,
    quota: token.remain_quota,
    expires: token.expired_time > 0 ? localDateTime(token.expired_time) : "",
    models: listOf(token.models),
    subnets: listOf(token.subnet).join("\n"),
  };
}

/** The draft as the management API takes it. */
export function toWire(draft: TokenDraft): Readonly<Record<string, unknown>> {
  const expires = draft.expires === "" ? -1 : Math.floor(Date.parse(draft.expires) / 1000);
  return {
    name: draft.name.trim(),
    unlimited_quota: draft.unlimited,
    remain_quota: draft.quota,
    expired_time: expires,
    models: draft.models.join(","),
    subnet: listOf(draft.subnets).join(","),
  };
}
