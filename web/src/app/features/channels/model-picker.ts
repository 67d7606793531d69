import { Component, computed, inject, input, output, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { toFault } from "#core/api/fault";
import { Icon } from "#ui/icon/icon";
import type { ChannelDraft } from "./channel-editor/channel-schema";
import { parseKeys } from "./channel-editor/channel-schema";

/** Buttons that fill the list of models: the usual ones, or what the upstream itself offers. */
@Component({
  selector: "tg-model-picker",
  imports: [Icon, TranslocoDirective],
  template: `<div class="stack-tight" *transloco="let t">
    <div class="row">
      <button type="button" class="button small" [disabled]="busy()" (click)="fetchModels()">
        <tg-icon [name]="busy() ? 'loader' : 'download'" [spin]="busy()" [size]="14" />
        {{ t("channels.fetchModels") }}
      </button>
      <button type="button" class="button small" (click)="picked.emit(merged(usual()))">
        {{ t("channels.addUsual") }}
      </button>
      <button type="button" class="button small" (click)="picked.emit([])">
        {{ t("channels.clearModels") }}
      </button>
    </div>
    @if (failure()) {
      <p class="notice bad" role="alert"><tg-icon name="alert" />{{ failure() }}</p>
    }
    @if (offered(); as names) {
      <div class="notice" role="status">
        <div class="grow">
          {{
            t("channels.offered", {
              count: names.length,
              fresh: fresh().length,
              gone: gone().length,
            })
          }}
        </div>
        @if (fresh().length > 0) {
          <button type="button" class="button small" (click)="picked.emit(merged(fresh()))">
            {{ t("channels.addFresh") }}
          </button>
        }
        <button type="button" class="button small" (click)="picked.emit(names)">
          {{ t("channels.replaceModels") }}
        </button>
      </div>
    }
  </div>`,
})
export class ModelPicker {
  readonly #api = inject(Api);
  readonly draft = input.required<ChannelDraft>();
  readonly channelId = input<number | undefined>(undefined);
  readonly usual = input.required<readonly string[]>();
  readonly picked = output<readonly string[]>();
  protected readonly busy = signal(false);
  protected readonly failure = signal("");
  protected readonly offered = signal<readonly string[] | undefined>(undefined);
  protected readonly fresh = computed(() => {
    const known = new Set(this.draft().models);
    return (this.offered() ?? []).filter((name) => !known.has(name));
  });
  protected readonly gone = computed(() => {
    const offered = new Set(this.offered() ?? []);
    return this.draft().models.filter((name) => !offered.has(name));
  });

  protected merged(names: readonly string[]): readonly string[] {
    return [...new Set([...this.draft().models, ...names])];
  }

  protected async fetchModels(): Promise<void> {
    this.busy.set(true);
    this.failure.set("");
    try {
      this.offered.set(await this.#ask());
    } catch (error) {
      this.failure.set(toFault(error).message);
    } finally {
      this.busy.set(false);
    }
  }

  async #ask(): Promise<readonly string[]> {
    const { keys, type, baseUrl, config } = this.draft();
    const key = parseKeys(keys).keys[0] ?? "";
    const id = this.channelId();
    // A stored channel is asked with its stored credential unless a new one has been typed.
    if (id && key === "")
      return this.#api.get<readonly string[]>(`/api/channel/fetch_models/${id}`);
    const question = { type, key, base_url: baseUrl, config: JSON.stringify(config) };
    const answer = await this.#api.post<{ models: readonly string[] }>(
      "/api/channel/probe",
      question,
    );
    return answer.models;
  }
}
