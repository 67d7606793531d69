import { channelDefaults } from "./channel.ts";
import type { ChannelDraft } from "./channel.ts";
import { limits } from "./limits.ts";

/** One thing that is wrong with a draft: the field and one sentence. */
export interface Violation {
  readonly field: string;
  readonly sentence: string;
}

type Check = (draft: ChannelDraft) => string | undefined;

const controlCharacters = /\p{Cc}/u;
const controlCharactersButLines = /[^\P{Cc}\t\r\n]/u;

const checks = {
  type: ({ type }) =>
    type === undefined || isWholeNumber(type, 1, limits.typeMax)
      ? undefined
      : `Type must be a whole number from 1 to ${limits.typeMax}.`,
  status: ({ status }) =>
    status === "auto-disabled" ? "Status must be enabled or disabled." : undefined,
  name: ({ name }) =>
    name === undefined || isName(name, limits.nameCharacters)
      ? undefined
      : `Name must have 1 to ${limits.nameCharacters} characters.`,
  weight: ({ weight }) =>
    weight === undefined || isWholeNumber(weight, 0, limits.weightMax)
      ? undefined
      : `Weight must be a whole number from 0 to ${limits.weightMax}.`,
  priority: ({ priority }) =>
    priority === undefined || (priority >= limits.priorityMin && priority <= limits.priorityMax)
      ? undefined
      : "Priority must fit 64 bits.",
  base_url: ({ baseUrl }) => (baseUrl === undefined ? undefined : checkBaseUrl(baseUrl)),
  models: checkModels,
  groups: checkGroups,
  model_mapping: ({ modelMapping }) =>
    modelMapping === undefined ? undefined : checkMapping(modelMapping),
  config: ({ config }) => (config === undefined ? undefined : checkConfig(config)),
  system_prompt: ({ systemPrompt }) =>
    systemPrompt === undefined || Buffer.byteLength(systemPrompt) <= limits.systemPromptBytes
      ? undefined
      : `System prompt must be at most ${limits.systemPromptBytes / 1024} KiB.`,
  other: ({ other }) =>
    other === undefined || other.length <= limits.otherCharacters
      ? undefined
      : `Other must have at most ${limits.otherCharacters} characters.`,
} as const satisfies Readonly<Record<string, Check>>;

/** Every violation of the fields that are present, in the order of the fields. Credentials have their own check. */
export function validateDraft(draft: ChannelDraft): readonly Violation[] {
  return Object.entries(checks).flatMap(([field, check]) => {
    const sentence = check(draft);
    return sentence === undefined ? [] : [{ field, sentence }];
  });
}

/** What is wrong with the credentials that were found in a draft. */
export function validateCredentials(credentials: readonly string[]): readonly Violation[] {
  if (credentials.length > limits.credentialLines) {
    const sentence = `At most ${limits.credentialLines} credentials can be added at once.`;
    return [{ field: "credential", sentence }];
  }
  const tooLong = credentials.findIndex(
    (credential) => Buffer.byteLength(credential) > limits.credentialBytes,
  );
  if (tooLong !== -1) {
    const sentence = `Credential ${tooLong + 1} must be at most ${limits.credentialBytes / 1024} KiB.`;
    return [{ field: "credential", sentence }];
  }
  const unreadable = credentials.findIndex((credential) =>
    controlCharactersButLines.test(credential),
  );
  return unreadable === -1
    ? []
    : [
        {
          field: "credential",
          sentence: `Credential ${unreadable + 1} must not have control characters.`,
        },
      ];
}

/** Trims names and drops empty ones and doubles; everything else stays as it was given. */
export function tidyDraft(draft: ChannelDraft): ChannelDraft {
  return {
    ...draft,
    ...(draft.name === undefined ? {} : { name: draft.name.trim() }),
    ...(draft.baseUrl === undefined ? {} : { baseUrl: draft.baseUrl.trim() }),
    ...(draft.models === undefined ? {} : { models: tidyNames(draft.models) }),
    ...(draft.groups === undefined ? {} : { groups: tidyNames(draft.groups) }),
  };
}

function tidyNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.trim()).filter((name) => name !== ""))];
}

function checkBaseUrl(baseUrl: string): string | undefined {
  if (baseUrl === "") {
    return undefined;
  }
  if (baseUrl.length > limits.baseUrlCharacters) {
    return `Base URL must have at most ${limits.baseUrlCharacters} characters.`;
  }
  const isHttp = URL.canParse(baseUrl) && /^https?:$/u.test(new URL(baseUrl).protocol);
  return isHttp ? undefined : "Base URL must start with http:// or https://.";
}

function checkModels({ models }: ChannelDraft): string | undefined {
  if (models === undefined) {
    return undefined;
  }
  if (models.length > limits.models) {
    return `There must be at most ${limits.models} models.`;
  }
  const wrong = models.find((model) => !isListedName(model, limits.modelCharacters));
  return wrong === undefined
    ? undefined
    : `Model "${shorten(wrong)}" must have 1 to ${limits.modelCharacters} characters and no comma.`;
}

function checkGroups({ groups, models }: ChannelDraft): string | undefined {
  if (groups === undefined) {
    return undefined;
  }
  if (groups.length === 0 || groups.length > limits.groups) {
    return `There must be 1 to ${limits.groups} groups.`;
  }
  if (groups.length * (models ?? channelDefaults.models).length > limits.abilitiesPerChannel) {
    return `Groups times models must be at most ${limits.abilitiesPerChannel}.`;
  }
  const wrong = groups.find((group) => !isListedName(group, limits.groupCharacters));
  return wrong === undefined
    ? undefined
    : `Group "${shorten(wrong)}" must have 1 to ${limits.groupCharacters} characters and no comma.`;
}

function checkMapping(mapping: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(mapping);
  if (pairs.length > limits.mappingPairs) {
    return `Model mapping must have at most ${limits.mappingPairs} pairs.`;
  }
  const wrong = pairs.find((pair) => !pair.every((name) => isName(name, limits.modelCharacters)));
  return wrong === undefined
    ? undefined
    : `Model mapping of "${shorten(wrong[0])}" must map a name to a name of 1 to ${limits.modelCharacters} characters.`;
}

function checkConfig(config: Readonly<Record<string, string>>): string | undefined {
  const pairs = Object.entries(config);
  if (pairs.length > limits.configPairs) {
    return `Config must have at most ${limits.configPairs} settings.`;
  }
  const wrong = pairs.find(
    ([name, value]) =>
      !isName(name, limits.configNameCharacters) ||
      Buffer.byteLength(value) > limits.configValueBytes,
  );
  return wrong === undefined
    ? undefined
    : `Config setting "${shorten(wrong[0])}" must have a name of 1 to ${limits.configNameCharacters} characters and at most ${limits.configValueBytes / 1024} KiB.`;
}

function isName(text: string, charactersMax: number): boolean {
  return (
    text.trim() !== "" && Array.from(text).length <= charactersMax && !controlCharacters.test(text)
  );
}

function isListedName(text: string, charactersMax: number): boolean {
  return isName(text, charactersMax) && !text.includes(",");
}

function isWholeNumber(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function shorten(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}
