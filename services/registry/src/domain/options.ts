/** The operator settings that this service owns, under One API's names. */
export interface RegistryOptions {
  /** Channels with dead credentials, without funds or too slow in a test are switched off. */
  readonly automaticDisable: boolean;
  /** Channels that were switched off automatically are switched on by a test that works. */
  readonly automaticEnable: boolean;
  /** Groups whose calls are shortened to what the balance covers instead of being refused. */
  readonly clampGroups: readonly string[];
  /** A test that takes longer counts as too slow; 0 = no test is too slow. */
  readonly disableThresholdMs: number;
  /** Further tries after the first. */
  readonly retryTimes: number;
}

/** An option's key. */
export type OptionKey = keyof typeof definitions;

interface OptionDefinition {
  readonly defaultValue: string;
  /** One sentence when the value cannot be used. */
  readonly check: (value: string) => string | undefined;
}

const clampCharactersMax = 4096;
const groupPattern = /^[^\s\p{Cc}]{1,32}$/u;
const retryTimesMax = 10;
const thresholdSecondsMax = 3600;

const definitions = {
  AutomaticDisableChannelEnabled: { defaultValue: "false", check: checkBoolean },
  AutomaticEnableChannelEnabled: { defaultValue: "false", check: checkBoolean },
  ChannelDisableThreshold: {
    defaultValue: "5",
    check: (value) =>
      /^\d{1,4}(?:\.\d{1,3})?$/u.test(value) && Number(value) <= thresholdSecondsMax
        ? undefined
        : `must be a number of seconds from 0 to ${thresholdSecondsMax}.`,
  },
  ClampOutputGroups: {
    defaultValue: "",
    check: (value) =>
      value.length <= clampCharactersMax && namesIn(value).every((name) => groupPattern.test(name))
        ? undefined
        : `must be names of groups with commas between them, at most ${clampCharactersMax} characters.`,
  },
  RetryTimes: {
    defaultValue: "2",
    check: (value) =>
      /^\d{1,2}$/u.test(value) && Number(value) <= retryTimesMax
        ? undefined
        : `must be a whole number from 0 to ${retryTimesMax}.`,
  },
} as const satisfies Readonly<Record<string, OptionDefinition>>;

/** The stored values by key; keys that are absent have their default. */
export type OptionValues = Readonly<Partial<Record<string, string>>>;

/** Whether this service owns the option. */
export function isOptionKey(key: string): key is OptionKey {
  return Object.hasOwn(definitions, key);
}

/** One sentence when the value cannot be used. */
export function checkOption(key: OptionKey, value: string): string | undefined {
  const complaint = definitions[key].check(value);
  return complaint === undefined ? undefined : `${key} ${complaint}`;
}

/** Every option with its present value or default, sorted by key. */
export function listOptions(values: OptionValues): readonly { key: string; value: string }[] {
  return Object.entries(definitions)
    .map(([key, { defaultValue }]) => ({ key, value: values[key] ?? defaultValue }))
    .toSorted((left, right) => (left.key < right.key ? -1 : 1));
}

/** The options as the program uses them. */
export function readOptions(values: OptionValues): RegistryOptions {
  const read = (key: OptionKey): string => values[key] ?? definitions[key].defaultValue;
  return {
    automaticDisable: read("AutomaticDisableChannelEnabled") === "true",
    automaticEnable: read("AutomaticEnableChannelEnabled") === "true",
    clampGroups: namesIn(read("ClampOutputGroups")),
    disableThresholdMs: Math.round(Number(read("ChannelDisableThreshold")) * 1000),
    retryTimes: Number(read("RetryTimes")),
  };
}

/** The names in a list with commas; blank ones are none. */
function namesIn(list: string): readonly string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function checkBoolean(value: string): string | undefined {
  return value === "true" || value === "false" ? undefined : 'must be "true" or "false".';
}
