import { Service, computed, inject, signal } from "@angular/core";
import { Api } from "#core/api/api";

/** What anybody may know about the server; the answer of `GET /api/status`. */
export interface StatusFacts {
  readonly version?: string;
  readonly system_name?: string;
  readonly logo?: string;
  readonly quota_per_unit?: number;
  readonly server_address?: string;
  readonly top_up_link?: string;
  readonly setup_required?: boolean;
  readonly relay_base_url?: string;
  readonly demo_enabled?: boolean;
  readonly register_enabled?: boolean;
  readonly password_login_enabled?: boolean;
  readonly email_verification?: boolean;
  readonly github_oauth?: boolean;
  readonly github_client_id?: string;
  readonly oidc?: boolean;
}

const DEFAULT_QUOTA_PER_UNIT = 500_000;

@Service()
export class ServerStatus {
  readonly #api = inject(Api);
  readonly facts = signal<StatusFacts>({});
  readonly setupRequired = computed(() => this.facts().setup_required === true);
  readonly quotaPerUnit = computed(() => this.facts().quota_per_unit || DEFAULT_QUOTA_PER_UNIT);
  readonly systemName = computed(() => this.facts().system_name || "Tollgate");

  /** Where customers send their calls: the configured address, else the address in use now. */
  readonly relayOrigin = computed(() => {
    const facts = this.facts();
    const origin = facts.relay_base_url || facts.server_address || location.origin;
    return origin.replace(/\/+$/, "");
  });

  /** Where this page itself calls the relay: empty for its own origin. */
  readonly relayBase = computed(() => (this.facts().relay_base_url ?? "").replace(/\/+$/, ""));

  async load(): Promise<void> {
    this.facts.set(await this.#api.get<StatusFacts>("/api/status"));
  }
}
