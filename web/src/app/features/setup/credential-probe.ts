import { Service, computed, inject, signal } from "@angular/core";
import { Api } from "#core/api/api";
import { toFault } from "#core/api/fault";
import {
  NO_RATIOS,
  type PriceOption,
  type Ratios,
  cheapestModel,
  readRatios,
} from "./cheapest-model";
import type { Candidate, Credential } from "./credential-shape";
import type { NewChannel } from "./setup-flow";

export interface TestResult {
  readonly elapsed_ms: number;
  readonly ttft_ms: number;
  readonly reply: string;
}

export type ProbeState = "idle" | "listing" | "testing" | "passed" | "failed";

/** Names that do not answer a chat; they stay unticked. */
const NOT_CHAT =
  /embed|whisper|tts|audio|realtime|image|dall-e|imagen|veo|sora|moderation|rerank|transcribe|davinci|babbage|search/i;

const DEADLINE_MS = 60_000;

/** Asks a provider with an unsaved key what it offers, then sends one tiny call. */
@Service({ autoProvided: false })
export class CredentialProbe {
  readonly #api = inject(Api);
  readonly state = signal<ProbeState>("idle");
  readonly failure = signal("");
  readonly candidate = signal<Candidate | undefined>(undefined);
  readonly models = signal<readonly string[]>([]);
  readonly chosen = signal<ReadonlySet<string>>(new Set());
  readonly tested = signal("");
  readonly result = signal<TestResult | undefined>(undefined);
  readonly #credential = signal<Credential | undefined>(undefined);
  #run = 0;

  /** What would be created now; undefined until the models are known. */
  readonly channel = computed<NewChannel | undefined>(() => {
    const credential = this.#credential();
    const candidate = this.candidate();
    const models = [...this.chosen()];
    if (!credential || !candidate || models.length === 0) return undefined;
    return {
      type: candidate.type,
      name: candidate.name.toLowerCase().replaceAll(" ", "-"),
      key: credential.key,
      baseUrl: credential.baseUrl,
      models,
      model: this.chosen().has(this.tested()) ? this.tested() : (models[0] ?? ""),
    };
  });

  reset(): void {
    this.#run += 1;
    this.state.set("idle");
    this.failure.set("");
    this.candidate.set(undefined);
    this.models.set([]);
    this.chosen.set(new Set());
    this.result.set(undefined);
  }

  toggle(model: string): void {
    this.chosen.update((chosen) => {
      const next = new Set(chosen);
      if (!next.delete(model)) next.add(model);
      return next;
    });
  }

  async run(credential: Credential, candidate: Candidate): Promise<void> {
    this.reset();
    const run = this.#run;
    this.candidate.set(candidate);
    this.#credential.set(credential);
    const question = { type: candidate.type, key: credential.key, base_url: credential.baseUrl };
    try {
      this.state.set("listing");
      const [{ models }, ratios] = await Promise.all([
        this.#api.post<{ models: readonly string[] }>("/api/channel/probe", question, DEADLINE_MS),
        this.#ratios(),
      ]);
      if (run !== this.#run) return;
      const chat = models.filter((model) => !NOT_CHAT.test(model));
      this.models.set(models);
      this.chosen.set(new Set(chat.length > 0 ? chat : models));
      this.tested.set(cheapestModel(chat.length > 0 ? chat : models, ratios));
      this.state.set("testing");
      const body = { ...question, model: this.tested() };
      const result = await this.#api.post<TestResult>("/api/channel/probe/test", body, DEADLINE_MS);
      if (run !== this.#run) return;
      this.result.set(result);
      this.state.set("passed");
    } catch (error) {
      if (run !== this.#run) return;
      this.failure.set(toFault(error).message);
      this.state.set("failed");
    }
  }

  /** Only a better first guess: the wizard goes on without prices. */
  async #ratios(): Promise<Ratios> {
    try {
      return readRatios(await this.#api.get<readonly PriceOption[]>("/api/option/"));
    } catch {
      return NO_RATIOS;
    }
  }
}
