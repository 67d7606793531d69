/**
 * Some settings of a type are secrets (AWS's secret key, Google's service account). They are sealed at rest with the rest of the
 * config, come back empty in every answer, and an empty value in a change keeps the stored one.
 */
const secretName = /^(?:sk|vertex_ai_adc)$|secret|password|private_key|api_?key|access_token/iu;

type Settings = Readonly<Record<string, string>>;

/** Whether a setting's value must not be shown. */
function isSecretSetting(name: string): boolean {
  return secretName.test(name);
}

/** The settings as they may be shown. */
export function hideSecretSettings(config: Settings): Settings {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [name, isSecretSetting(name) ? "" : value]),
  );
}

/** The settings to store when `present` is changed to `wanted`. */
export function keepSecretSettings(present: Settings, wanted: Settings): Settings {
  return Object.fromEntries(
    Object.entries(wanted).map(([name, value]) => [
      name,
      value === "" && isSecretSetting(name) ? (present[name] ?? "") : value,
    ]),
  );
}

/** Whether the settings themselves hold the credential, so that no other is needed. */
export function hasSecretSetting(config: Settings): boolean {
  return Object.entries(config).some(([name, value]) => value !== "" && isSecretSetting(name));
}
