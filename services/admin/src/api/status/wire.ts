import { type Static, Type } from "typebox";
import { Fault } from "@tollgate/kit/fault/fault";
import type { AdminContext } from "#admin-context.ts";
import { demoChannelType } from "#api/channel/channel-types.ts";

const text = Type.String();
const flag = Type.Boolean();

/** One API's status object with this service's additions. */
export const statusSchema = Type.Object({
  version: text,
  start_time: Type.Integer({ description: "Seconds since 1970." }),
  system_name: text,
  logo: text,
  footer_html: text,
  server_address: text,
  top_up_link: text,
  chat_link: text,
  theme: text,
  quota_per_unit: Type.Number({ description: "Quota units of one USD." }),
  display_in_currency: flag,
  email_verification: flag,
  github_oauth: flag,
  github_client_id: text,
  lark_client_id: text,
  wechat_login: flag,
  wechat_qrcode: text,
  turnstile_check: flag,
  turnstile_site_key: text,
  oidc: flag,
  oidc_client_id: text,
  oidc_well_known: text,
  oidc_authorization_endpoint: text,
  oidc_token_endpoint: text,
  oidc_userinfo_endpoint: text,
  setup_required: Type.Boolean({ description: "No root user exists yet." }),
  relay_base_url: Type.String({ description: "Base URL of the relay; empty = this origin." }),
  demo_enabled: flag,
  register_enabled: flag,
  password_login_enabled: flag,
});

/** The status of this installation. */
export type StatusWire = Static<typeof statusSchema>;

/** Reads the status. A service that does not answer leaves the last known or default values. */
export async function readStatus(
  context: AdminContext,
  startedAtSeconds: number,
): Promise<StatusWire> {
  const [options, setupRequired, demoEnabled] = await Promise.all([
    context.options.read(),
    orFalse(context.setupState.isRequired()),
    orFalse(hasDemo(context)),
  ]);
  return {
    version: context.version,
    start_time: startedAtSeconds,
    system_name: options.text("SystemName"),
    logo: options.text("Logo"),
    footer_html: options.text("Footer"),
    server_address: options.text("ServerAddress"),
    top_up_link: options.text("TopUpLink"),
    chat_link: options.text("ChatLink"),
    theme: options.text("Theme"),
    quota_per_unit: Number(options.text("QuotaPerUnit", "500000")),
    display_in_currency: options.isOn("DisplayInCurrencyEnabled", true),
    email_verification: options.isOn("EmailVerificationEnabled"),
    github_oauth: options.isOn("GitHubOAuthEnabled"),
    github_client_id: options.text("GitHubClientId"),
    lark_client_id: options.text("LarkClientId"),
    wechat_login: options.isOn("WeChatAuthEnabled"),
    wechat_qrcode: options.text("WeChatAccountQRCodeImageURL"),
    turnstile_check: options.isOn("TurnstileCheckEnabled"),
    turnstile_site_key: options.text("TurnstileSiteKey"),
    oidc: options.isOn("OidcEnabled"),
    oidc_client_id: options.text("OidcClientId"),
    oidc_well_known: options.text("OidcWellKnown"),
    oidc_authorization_endpoint: options.text("OidcAuthorizationEndpoint"),
    oidc_token_endpoint: options.text("OidcTokenEndpoint"),
    oidc_userinfo_endpoint: options.text("OidcUserinfoEndpoint"),
    setup_required: setupRequired,
    relay_base_url: context.relayBaseUrl,
    demo_enabled: demoEnabled,
    register_enabled:
      options.isOn("RegisterEnabled", true) && options.isOn("PasswordRegisterEnabled", true),
    password_login_enabled: options.isOn("PasswordLoginEnabled", true),
  };
}

async function hasDemo({ channelTypes }: AdminContext): Promise<boolean> {
  const types = await channelTypes.list();
  return types.some(({ id, supported }) => id === demoChannelType && supported);
}

/** The status page works while a service is away; what only that service knows is then left off. */
async function orFalse(answer: Promise<boolean>): Promise<boolean> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Fault) {
      return false;
    }
    throw error;
  }
}
