/** The options that the management API owns itself: what the portal shows and how people sign in. */
import { adminFaults } from "#faults.ts";
import type { OptionStore } from "./option-store.ts";

type OptionRule =
  | { readonly kind: "text"; readonly default: string; readonly lengthMax: number }
  | { readonly kind: "secret" }
  | { readonly kind: "url" }
  | {
      readonly kind: "integer";
      readonly default: string;
      readonly min: number;
      readonly max: number;
    }
  | { readonly kind: "choice"; readonly default: string; readonly values: readonly string[] }
  /** The feature behind the switch does not exist in this version: it cannot be switched on. */
  | { readonly kind: "absent-switch"; readonly feature: string };

const contentLengthMax = 65_536;
const lineLengthMax = 1024;

const line: OptionRule = { kind: "text", default: "", lengthMax: lineLengthMax };
const content: OptionRule = { kind: "text", default: "", lengthMax: contentLengthMax };
const secret: OptionRule = { kind: "secret" };
const url: OptionRule = { kind: "url" };

const rules: Readonly<Record<string, OptionRule>> = {
  SystemName: { kind: "text", default: "Tollgate", lengthMax: 64 },
  Logo: line,
  Footer: content,
  Notice: content,
  About: content,
  HomePageContent: content,
  ServerAddress: url,
  TopUpLink: url,
  ChatLink: url,
  Theme: { kind: "choice", default: "default", values: ["default", "berry", "air"] },
  SMTPServer: line,
  SMTPPort: { kind: "integer", default: "587", min: 1, max: 65_535 },
  SMTPAccount: line,
  SMTPFrom: line,
  SMTPToken: secret,
  EmailVerificationEnabled: { kind: "absent-switch", feature: "verification of e-mail addresses" },
  EmailDomainRestrictionEnabled: {
    kind: "absent-switch",
    feature: "restriction of e-mail domains",
  },
  EmailDomainWhitelist: {
    kind: "text",
    default:
      "gmail.com,163.com,126.com,qq.com,outlook.com,hotmail.com,icloud.com,yahoo.com,foxmail.com",
    lengthMax: contentLengthMax,
  },
  GitHubOAuthEnabled: { kind: "absent-switch", feature: "signing in with GitHub" },
  GitHubClientId: line,
  GitHubClientSecret: secret,
  LarkClientId: line,
  LarkClientSecret: secret,
  OidcEnabled: { kind: "absent-switch", feature: "signing in with OpenID Connect" },
  OidcClientId: line,
  OidcClientSecret: secret,
  OidcWellKnown: url,
  OidcAuthorizationEndpoint: url,
  OidcTokenEndpoint: url,
  OidcUserinfoEndpoint: url,
  WeChatAuthEnabled: { kind: "absent-switch", feature: "signing in with WeChat" },
  WeChatServerAddress: url,
  WeChatServerToken: secret,
  WeChatAccountQRCodeImageURL: url,
  TurnstileCheckEnabled: { kind: "absent-switch", feature: "the Turnstile check" },
  TurnstileSiteKey: line,
  TurnstileSecretKey: secret,
  MessagePusherAddress: url,
  MessagePusherToken: secret,
};

/** One option with its present value; secrets come back empty. */
export interface OptionValue {
  readonly key: string;
  readonly value: string;
  readonly secret: boolean;
}

/** The options of this service. */
export interface OwnOptions {
  owns(key: string): boolean;
  list(): Promise<readonly OptionValue[]>;
  /** Checks and stores. Throws OPTION_INVALID or FEATURE_ABSENT with a sentence about the value. */
  set(key: string, value: string): Promise<void>;
}

/** Makes the options over their store. `theme` is One API's THEME, which an option that was saved outranks. */
export function createOwnOptions(store: OptionStore, theme?: string): OwnOptions {
  return {
    owns: (key) => Object.hasOwn(rules, key),
    async list() {
      const stored = await store.readAll();
      return Object.entries(rules).map(([key, rule]) => ({
        key,
        value: isSecret(rule) ? "" : (stored.get(key) ?? defaultOf(key, rule, theme)),
        secret: isSecret(rule),
      }));
    },
    async set(key, value) {
      const rule = rules[key];
      if (rule === undefined || !Object.hasOwn(rules, key)) {
        throw adminFaults.fault("OPTION_UNKNOWN");
      }
      checkValue(rule, value);
      await store.write({ key, value, isSecret: isSecret(rule) });
    },
  };
}

function isSecret(rule: OptionRule): boolean {
  return rule.kind === "secret";
}

function defaultOf(key: string, rule: OptionRule, theme: string | undefined): string {
  switch (rule.kind) {
    case "text":
    case "integer":
      return rule.default;
    case "choice":
      return key === "Theme" && theme !== undefined && rule.values.includes(theme)
        ? theme
        : rule.default;
    case "absent-switch":
      return "false";
    case "secret":
    case "url":
      return "";
  }
}

function checkValue(rule: OptionRule, value: string): void {
  switch (rule.kind) {
    case "text":
      assertValue(value.length <= rule.lengthMax, `At most ${rule.lengthMax} characters fit.`);
      return;
    case "secret":
      assertValue(value.length <= lineLengthMax, `At most ${lineLengthMax} characters fit.`);
      return;
    case "url":
      assertValue(
        value === "" || (value.length <= lineLengthMax && isHttpUrl(value)),
        "The value must be empty or a URL that begins with http:// or https://.",
      );
      return;
    case "integer":
      assertValue(
        /^\d{1,9}$/u.test(value) && Number(value) >= rule.min && Number(value) <= rule.max,
        `The value must be a whole number from ${rule.min} to ${rule.max}.`,
      );
      return;
    case "choice":
      assertValue(
        rule.values.includes(value),
        `The value must be one of: ${rule.values.join(", ")}.`,
      );
      return;
    case "absent-switch":
      if (value === "true") {
        throw adminFaults.fault("FEATURE_ABSENT", {
          sentence: `This version does not have ${rule.feature}; it cannot be switched on.`,
        });
      }
      assertValue(value === "false", 'The value must be "true" or "false".');
  }
}

function assertValue(isValid: boolean, sentence: string): void {
  if (!isValid) {
    throw adminFaults.fault("OPTION_INVALID", { sentence });
  }
}

function isHttpUrl(text: string): boolean {
  return URL.canParse(text) && /^https?:$/u.test(new URL(text).protocol);
}
