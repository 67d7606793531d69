import { Service, computed, inject, signal } from "@angular/core";
import { Api } from "#core/api/api";
import { ServerStatus } from "#core/session/server-status";
import { Session } from "#core/session/session";

export type Step = "account" | "provider" | "key";
export const STEPS: readonly Step[] = ["account", "provider", "key"];

const DEMO_TYPE = 1000;
const DEMO_MODEL = "demo-chat";

export interface NewChannel {
  readonly type: number;
  readonly name: string;
  readonly key: string;
  readonly baseUrl: string;
  readonly models: readonly string[];
  readonly model: string;
}

interface CreatedToken {
  readonly key?: string;
}

/** What the first-run wizard has achieved so far. */
@Service({ autoProvided: false })
export class SetupFlow {
  readonly #api = inject(Api);
  readonly #session = inject(Session);
  readonly #status = inject(ServerStatus);
  readonly step = signal<Step>("account");
  readonly apiKey = signal("");
  readonly model = signal("");
  readonly #startedAt = Date.now();
  readonly #doneAt = signal(0);
  readonly seconds = computed(() => Math.round((this.#doneAt() - this.#startedAt) / 1000));

  readonly isFinished = computed(() => this.#doneAt() > 0);

  finish(): void {
    if (this.#doneAt() === 0) this.#doneAt.set(Date.now());
  }

  /** Goes on where an interrupted set-up stopped; false when there is nothing left to do. */
  async resume(): Promise<boolean> {
    if (this.#status.setupRequired()) return true;
    if (!this.#session.isRoot()) return false;
    const channels = await this.#api.page("/api/channel/", { p: 0, page_size: 1 });
    if (channels.total > 0) return false;
    this.step.set("provider");
    return true;
  }

  async createAccount(account: {
    code: string;
    username: string;
    password: string;
  }): Promise<void> {
    await this.#api.post("/api/setup", account);
    await Promise.all([this.#status.load(), this.#session.restore()]);
    this.step.set("provider");
  }

  /** Creates the channel and, with it, the first key. */
  async createChannel(channel: NewChannel): Promise<void> {
    await this.#api.post("/api/channel/", {
      type: channel.type,
      name: channel.name,
      key: channel.key,
      base_url: channel.baseUrl,
      models: channel.models.join(","),
      group: "default",
      status: 1,
    });
    this.model.set(channel.model);
    await this.#createToken();
    this.step.set("key");
  }

  createDemoChannel(): Promise<void> {
    return this.createChannel({
      type: DEMO_TYPE,
      name: "demo",
      key: "demo",
      baseUrl: "",
      models: [DEMO_MODEL],
      model: DEMO_MODEL,
    });
  }

  async #createToken(): Promise<void> {
    const token = await this.#api.post<CreatedToken>("/api/token/", {
      name: "default",
      unlimited_quota: true,
      remain_quota: 0,
      expired_time: -1,
      models: "",
      subnet: "",
    });
    const key = token.key ?? "";
    this.apiKey.set(key === "" || key.startsWith("sk-") ? key : `sk-${key}`);
  }
}
