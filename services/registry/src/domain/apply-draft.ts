import { channelDefaults, demoChannelType } from "./channel.ts";
import type { ChannelDraft, ChannelSettings, NewChannel } from "./channel.ts";
import { registryFaults } from "./faults.ts";
import { hasSecretSetting, keepSecretSettings } from "./secret-settings.ts";
import { numberedNames, splitCredentials } from "./split-credentials.ts";
import { tidyDraft, validateCredentials, validateDraft } from "./validate-draft.ts";
import type { Violation } from "./validate-draft.ts";

/** The channels that a draft asks for, one for each credential. Throws CHANNEL_INVALID with every violation. */
export function channelsFromDraft(draft: ChannelDraft): readonly NewChannel[] {
  const { credential = "", ...wanted } = tidyDraft(draft);
  const settings: ChannelSettings = { ...channelDefaults, ...wanted };
  const credentials = splitCredentials(credential);
  const violations = [...validateDraft(settings), ...validateCredentials(credentials)];
  const needsNone = settings.type === demoChannelType || hasSecretSetting(settings.config);
  if (credentials.length === 0 && !needsNone) {
    violations.push({ field: "credential", sentence: "A credential is needed." });
  }
  refuse(violations);
  const wholes = credentials.length === 0 ? [""] : credentials;
  const names = numberedNames(settings.name, wholes.length);
  return wholes.map((whole, index) => ({
    settings: { ...settings, name: names[index] ?? settings.name },
    credential: whole,
  }));
}

/** What changes in one channel; `credential` is absent when it stays. */
export interface ChannelChange {
  readonly settings: ChannelSettings;
  readonly credential?: string;
}

/** A channel's settings after a draft. Throws CHANNEL_INVALID with every violation. */
export function changeChannel(present: ChannelSettings, draft: ChannelDraft): ChannelChange {
  const { credential = "", ...wanted } = tidyDraft(draft);
  const config =
    wanted.config === undefined
      ? present.config
      : keepSecretSettings(present.config, wanted.config);
  const settings = { ...present, ...wanted, config };
  const credentials = splitCredentials(credential);
  // Groups and models bound each other, so one is checked with the other's present value.
  const checked =
    wanted.models === undefined && wanted.groups === undefined
      ? wanted
      : { ...wanted, models: settings.models, groups: settings.groups };
  const violations = [...validateDraft(checked), ...validateCredentials(credentials)];
  if (credentials.length > 1) {
    violations.push({ field: "credential", sentence: "A channel has one credential." });
  }
  refuse(violations);
  const [only] = credentials;
  return only === undefined ? { settings } : { settings, credential: only };
}

/** Throws CHANNEL_INVALID when a draft for several channels changes what must differ between them. */
export function refuseForMany(draft: ChannelDraft): void {
  refuse([
    ...(draft.name === undefined
      ? []
      : [{ field: "name", sentence: "Several channels cannot get one name." }]),
    ...(draft.credential === undefined
      ? []
      : [{ field: "credential", sentence: "Several channels cannot get one credential." }]),
  ]);
}

function refuse(violations: readonly Violation[]): void {
  if (violations.length > 0) {
    throw registryFaults.fault("CHANNEL_INVALID", {
      sentence: violations.map(({ sentence }) => sentence).join(" "),
      metadata: Object.fromEntries(violations.map(({ field, sentence }) => [field, sentence])),
    });
  }
}
