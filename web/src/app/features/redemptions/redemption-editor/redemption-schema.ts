import { max, maxLength, min, required, schema, validate } from "@angular/forms/signals";
import { localDateTime } from "#core/format/local-date-time";
import type { Redemption } from "../redemption";

/** What the editor holds; times are the text of a date-time field, empty for never. */
export interface RedemptionDraft {
  readonly name: string;
  readonly quota: number;
  readonly count: number;
  readonly expires: string;
  readonly creditDays: number;
}

export const newRedemptionDraft: RedemptionDraft = {
  name: "",
  quota: 0,
  count: 10,
  expires: "",
  creditDays: 0,
};

const COUNT_MOST = 100;
const DAYS_MOST = 36_500;

export const redemptionSchema = schema<RedemptionDraft>((path) => {
  required(path.name, { message: "error.required" });
  maxLength(path.name, 64, { message: "error.nameLong" });
  min(path.quota, 1, { message: "error.amount" });
  min(path.count, 1, { message: "redemptions.countHelp" });
  max(path.count, COUNT_MOST, { message: "redemptions.countHelp" });
  min(path.creditDays, 0, { message: "error.negative" });
  max(path.creditDays, DAYS_MOST, { message: "error.number" });
  validate(path.expires, ({ value }) => {
    const isPast = value() !== "" && new Date(value()).getTime() <= Date.now();
    return isPast ? { kind: "past", message: "error.past" } : undefined;
  });
});

export function draftOf(code: Redemption): RedemptionDraft {
  return {
    name: code.name,
    quota: code.quota,
    count: 1,
    expires: code.expired_time > 0 ? localDateTime(code.expired_time) : "",
    creditDays: code.credit_days,
  };
}

/** The draft as the management API takes it. */
export function toWire(draft: RedemptionDraft): Readonly<Record<string, unknown>> {
  return {
    name: draft.name.trim(),
    quota: draft.quota,
    expired_time: draft.expires === "" ? 0 : Math.floor(Date.parse(draft.expires) / 1000),
  };
}
