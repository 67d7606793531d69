/**
 * The operator settings that quota owns, under One API's names. Unlike One API, a bad value is refused before it is
 * stored, so a stored value is always one that the code can read.
 */
import { fault } from "./faults.ts";
import { parsePriceTable } from "./price-text.ts";
import { isGroupName } from "./user.ts";

/** A JSON map of ratios, as One API keeps it. */
export type RatioOptionKey = "ModelRatio" | "CompletionRatio" | "GroupRatio" | "UserRatio";

/** Own prices of models, in decimal dollars. */
export type PriceOptionKey = "ModelPrice";

const whole =
  (min: number, max: number): Check =>
  (value) => {
    const isWhole = /^\d{1,16}$/u.test(value) && Number(value) >= min && Number(value) <= max;
    return isWhole ? undefined : `must be a whole number from ${min} to ${max}`;
  };

const flag: Check = (value) =>
  value === "true" || value === "false" ? undefined : 'must be "true" or "false"';

const positive: Check = (value) =>
  /^\d{1,12}(?:\.\d{1,6})?$/u.test(value) && Number(value) > 0
    ? undefined
    : "must be a number above 0 with at most six decimals";

const policies: ReadonlySet<string> = new Set(["default-ratio", "refuse", "free"]);

const policy: Check = (value) =>
  policies.has(value) ? undefined : `must be one of ${[...policies].join(", ")}`;

// A gift of 10^12 quota units is two million dollars.
const quotaUnitsMax = 10 ** 12;
const quotaUnits = whole(0, quotaUnitsMax);

// 0 = for ever.
const days = whole(0, 36_500);

/** Default and check of every option that is not a table of ratios; amounts are in quota units. */
const plainOptions = {
  ApproximateTokenEnabled: { initial: "false", check: flag },
  DisplayInCurrencyEnabled: { initial: "true", check: flag },
  DisplayTokenStatEnabled: { initial: "true", check: flag },
  KeyRevealEnabled: { initial: "true", check: flag },
  LogConsumeEnabled: { initial: "true", check: flag },
  PasswordLoginEnabled: { initial: "true", check: flag },
  PasswordRegisterEnabled: { initial: "true", check: flag },
  PreConsumedQuota: { initial: "500", check: quotaUnits },
  QuotaForInvitee: { initial: "0", check: quotaUnits },
  QuotaForInviter: { initial: "0", check: quotaUnits },
  QuotaForNewUser: { initial: "0", check: quotaUnits },
  QuotaForNewUserDays: { initial: "0", check: days },
  QuotaPerUnit: { initial: "500000", check: positive },
  QuotaRemindThreshold: { initial: "1000", check: quotaUnits },
  RegisterEnabled: { initial: "true", check: flag },
  UnknownModelPolicy: { initial: "default-ratio", check: policy },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

/** The name of an option that quota owns. */
export type OptionKey = keyof typeof plainOptions | RatioOptionKey | PriceOptionKey;

/** Every option with a value. */
export type OptionValues = Readonly<Record<OptionKey, string>>;

type Check = (value: string) => string | undefined;

interface OptionDefinition {
  readonly initial: string;
  readonly check: Check;
}

const ratioKeys: readonly RatioOptionKey[] = [
  "ModelRatio",
  "CompletionRatio",
  "GroupRatio",
  "UserRatio",
];
const pricingKeys: ReadonlySet<OptionKey> = new Set([
  ...ratioKeys,
  "ModelPrice",
  "UnknownModelPolicy",
]);
const ratioCharactersMax = 1_000_000;
const ratioEntriesMax = 20_000;
const ratioMax = 1_000_000;

/** Every option at its default; the ratio tables come with the prices. */
export function initialOptions(
  ratios: Readonly<Record<RatioOptionKey | PriceOptionKey, string>>,
): OptionValues {
  return {
    ...ratios,
    ...mapValues(plainOptions, ({ initial }) => initial),
  };
}

/** True for the options whose change makes a new price book. */
export function isPricingOption(key: OptionKey): boolean {
  return pricingKeys.has(key);
}

/** Throws OPTION_UNKNOWN. */
export function checkOptionKey(key: string): OptionKey {
  if (isOptionKey(key)) {
    return key;
  }
  throw fault("OPTION_UNKNOWN", { metadata: { key: key.slice(0, 64) } });
}

/** True for an option that quota owns. */
export function isOptionKey(key: string): key is OptionKey {
  return Object.hasOwn(plainOptions, key) || isRatioKey(key) || isPriceKey(key);
}

/** The value to store. Throws OPTION_INVALID with a sentence that says what is wrong. */
export function checkOptionValue(key: OptionKey, value: string): string {
  const complaint = findComplaint(key, value);
  if (complaint !== undefined) {
    throw fault("OPTION_INVALID", { sentence: `${key} ${complaint}.`, metadata: { key } });
  }
  return value.trim();
}

function findComplaint(key: OptionKey, value: string): string | undefined {
  if (isRatioKey(key)) {
    return findRatioComplaint(key, value);
  }
  return isPriceKey(key) ? findPriceComplaint(value) : plainOptions[key].check(value.trim());
}

function isPriceKey(key: string): key is PriceOptionKey {
  return key === "ModelPrice";
}

function findPriceComplaint(text: string): string | undefined {
  if (text.length > ratioCharactersMax) {
    return `must have at most ${ratioCharactersMax} characters`;
  }
  try {
    parsePriceTable(text);
    return undefined;
  } catch (error) {
    // The operator reads what is wrong.
    return `cannot be read: ${error instanceof RangeError ? error.message : "it is not JSON"}`;
  }
}

function isRatioKey(key: string): key is RatioOptionKey {
  return ratioKeys.some((ratioKey) => ratioKey === key);
}

function findRatioComplaint(key: RatioOptionKey, text: string): string | undefined {
  if (text.length > ratioCharactersMax) {
    return `must have at most ${ratioCharactersMax} characters`;
  }
  const entries = parseEntries(text);
  if (entries === undefined) {
    return "must be a JSON object of numbers by name";
  }
  if (entries.length > ratioEntriesMax) {
    return `must have at most ${ratioEntriesMax} entries`;
  }
  const wrong = entries.find(([name, ratio]) => !isRatioName(key, name) || !isRatio(ratio));
  return wrong === undefined
    ? undefined
    : `needs a name and a number from 0 to ${ratioMax} in every entry; "${wrong[0].slice(0, 64)}" has not`;
}

function parseEntries(text: string): readonly (readonly [string, unknown])[] | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? Object.entries(parsed)
      : undefined;
  } catch {
    // Not JSON: the caller turns this into a sentence for the operator.
    return undefined;
  }
}

function isRatio(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value >= 0 && value <= ratioMax;
}

function isRatioName(key: RatioOptionKey, name: string): boolean {
  switch (key) {
    case "GroupRatio":
      return isGroupName(name);
    case "UserRatio":
      return /^[1-9]\d{0,9}$/u.test(name);
    case "ModelRatio":
    case "CompletionRatio":
      return name.length > 0 && name.length <= 160;
  }
}

function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  change: (value: From) => To,
): Readonly<Record<Key, To>> {
  const entries = Object.entries<From>(record).map(([key, value]) => [key, change(value)] as const);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same keys as the given record
  return Object.fromEntries(entries) as Record<Key, To>;
}
