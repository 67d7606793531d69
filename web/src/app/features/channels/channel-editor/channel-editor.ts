import {
  Component,
  computed,
  effect,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
  untracked,
} from "@angular/core";
import { FormField, form } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { type Fault, toFault } from "#core/api/fault";
import { submitForm } from "#core/forms/submit-form";
import { Locale } from "#core/i18n/locale";
import { ChipInput } from "#ui/chips/chip-input";
import { Confirm } from "#ui/confirm/confirm";
import { Drawer } from "#ui/drawer/drawer";
import { FaultNotice } from "#ui/fault-notice";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { Toasts } from "#ui/toast/toasts";
import type { Channel } from "../channel";
import { ChannelCatalog } from "../channel-catalog";
import { ChannelCredential } from "../channel-credential/channel-credential";
import { ChannelLeaving } from "../channel-leaving/channel-leaving";
import { ChannelRouting } from "../channel-routing/channel-routing";
import { ModelPicker } from "../model-picker";
import { DEMO_TYPE, channelSchema, draftOf, newChannelDraft, toWire } from "./channel-schema";

/** Creates channels, one per pasted key, or edits the given one. */
@Component({
  selector: "tg-channel-editor",
  imports: [
    ChannelCredential,
    ChannelLeaving,
    ChannelRouting,
    ChipInput,
    Drawer,
    FaultNotice,
    Field,
    FormField,
    Icon,
    ModelPicker,
    TranslocoDirective,
  ],
  templateUrl: "./channel-editor.component.html",
})
export class ChannelEditor {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #locale = inject(Locale);
  readonly #toasts = inject(Toasts);
  protected readonly catalog = inject(ChannelCatalog);
  readonly channelId = input<number | undefined>(undefined);
  readonly closed = output();
  readonly saved = output();
  protected readonly demoType = DEMO_TYPE;
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly loaded = resource({
    params: () => this.channelId(),
    loader: ({ params, abortSignal }) =>
      this.#api.get<Channel>(`/api/channel/${params}`, {}, abortSignal),
  });
  readonly #original = computed(() => {
    if (!this.loaded.hasValue()) return newChannelDraft;
    const channel = this.loaded.value();
    return draftOf(
      channel,
      untracked(() => this.catalog.typeOf(channel.type)),
    );
  });
  protected readonly loadFault = computed(() =>
    this.loaded.error() ? toFault(this.loaded.error()) : undefined,
  );
  protected readonly draft = linkedSignal(() => this.#original());
  protected readonly form = form(this.draft, channelSchema);
  protected readonly type = computed(() => this.catalog.typeOf(this.draft().type));
  protected readonly usual = computed(() => this.catalog.usualModels(this.draft().type));

  constructor() {
    this.catalog.prepareGroups();
    this.catalog.prepareModels();
    // The catalogue may arrive after the draft; whether a base URL is needed depends on both.
    effect(() => {
      const needsBaseUrl = this.type()?.requires_base_url === true;
      untracked(() => this.draft.update((draft) => ({ ...draft, needsBaseUrl })));
    });
  }

  protected setType(type: string): void {
    this.draft.update((draft) => {
      const usual = this.catalog.usualModels(Number(type));
      const isUntouched = draft.models.length === 0;
      return { ...draft, type: Number(type), ...(isUntouched ? { models: usual } : {}) };
    });
    if (this.draft().name === "" || /^[\w .-]+-\d+$/.test(this.draft().name)) {
      const name = `${this.catalog.typeOf(Number(type))?.name ?? type}-1`;
      this.draft.update((draft) => ({ ...draft, name }));
    }
  }

  protected setModels(models: readonly string[]): void {
    this.draft.update((draft) => ({ ...draft, models }));
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    const fault = await submitForm(this.form, async () => {
      const body = toWire(this.draft(), this.#original());
      const existing = this.loaded.hasValue() ? this.loaded.value() : undefined;
      if (existing) await this.#api.put("/api/channel/", { ...existing, ...body });
      else await this.#api.post("/api/channel/", body);
      this.#toasts.done(this.#locale.translate("toast.saved", { name: this.draft().name }));
      this.saved.emit();
    });
    this.fault.set(fault);
  }

  protected async close(): Promise<void> {
    const { needsBaseUrl: _draftNeeds, ...draft } = this.draft();
    const { needsBaseUrl: _originalNeeds, ...original } = this.#original();
    const isChanged = JSON.stringify(draft) !== JSON.stringify(original);
    if (await this.#confirm.mayLeave(isChanged)) this.closed.emit();
  }
}
