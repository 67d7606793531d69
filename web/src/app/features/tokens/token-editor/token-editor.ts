import {
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
} from "@angular/core";
import { FormField, form } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import type { Fault } from "#core/api/fault";
import { localDateTime } from "#core/format/local-date-time";
import { submitForm } from "#core/forms/submit-form";
import { Locale } from "#core/i18n/locale";
import { ChipInput } from "#ui/chips/chip-input";
import { Confirm } from "#ui/confirm/confirm";
import { Drawer } from "#ui/drawer/drawer";
import { FaultNotice } from "#ui/fault-notice";
import { Field } from "#ui/field/field";
import { QuotaInput } from "#ui/quota-input";
import type { Token } from "../token";
import { draftOf, newTokenDraft, toWire, tokenSchema } from "./token-schema";

const PRESETS = [
  { label: "tokens.expiry.never", days: 0 },
  { label: "tokens.expiry.day", days: 1 },
  { label: "tokens.expiry.month", days: 30 },
  { label: "tokens.expiry.quarter", days: 90 },
  { label: "tokens.expiry.year", days: 365 },
] as const;

/** Creates a key, or edits the given one. */
@Component({
  selector: "tg-token-editor",
  imports: [ChipInput, Drawer, FaultNotice, Field, FormField, QuotaInput, TranslocoDirective],
  templateUrl: "./token-editor.component.html",
})
export class TokenEditor {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #locale = inject(Locale);
  readonly token = input<Token | undefined>(undefined);
  readonly closed = output();
  /** The stored key; for a new one it holds the secret this once. */
  readonly saved = output<Token>();
  protected readonly presets = PRESETS;
  protected readonly fault = signal<Fault | undefined>(undefined);
  readonly #original = computed(() => {
    const token = this.token();
    return token ? draftOf(token) : newTokenDraft;
  });
  protected readonly draft = linkedSignal(() => this.#original());
  protected readonly form = form(this.draft, tokenSchema);
  protected readonly models = resource({
    loader: ({ abortSignal }) =>
      this.#api.get<readonly string[] | null>("/api/user/available_models", {}, abortSignal),
  });
  protected readonly suggestions = computed(() =>
    this.models.hasValue() ? (this.models.value() ?? []) : [],
  );

  protected setExpiry(days: number): void {
    const expires = days === 0 ? "" : localDateTime(Date.now() / 1000 + days * 86_400);
    this.draft.update((draft) => ({ ...draft, expires }));
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    const fault = await submitForm(this.form, async () => {
      const existing = this.token();
      const body = toWire(this.draft());
      const saved = existing
        ? await this.#api.put<Token>("/api/token/", { ...existing, ...body })
        : await this.#api.post<Token>("/api/token/", body);
      this.saved.emit(saved);
    });
    this.fault.set(fault);
  }

  protected async close(): Promise<void> {
    const isDirty = JSON.stringify(this.draft()) !== JSON.stringify(this.#original());
    const leave =
      !isDirty ||
      (await this.#confirm.ask({
        title: this.#locale.translate("discard.title"),
        text: this.#locale.translate("discard.text"),
        action: this.#locale.translate("discard.action"),
        danger: true,
      }));
    if (leave) this.closed.emit();
  }
}
