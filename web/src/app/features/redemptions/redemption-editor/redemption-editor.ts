import { Component, computed, inject, input, linkedSignal, output, signal } from "@angular/core";
import { FormField, form } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import type { Fault } from "#core/api/fault";
import { localDateTime } from "#core/format/local-date-time";
import { submitForm } from "#core/forms/submit-form";
import { Locale } from "#core/i18n/locale";
import { Confirm } from "#ui/confirm/confirm";
import { Drawer } from "#ui/drawer/drawer";
import { FaultNotice } from "#ui/fault-notice";
import { Field } from "#ui/field/field";
import { QuotaInput } from "#ui/quota-input";
import type { Redemption } from "../redemption";
import { draftOf, newRedemptionDraft, redemptionSchema, toWire } from "./redemption-schema";

const PRESETS = [
  { label: "tokens.expiry.never", days: 0 },
  { label: "tokens.expiry.month", days: 30 },
  { label: "tokens.expiry.quarter", days: 90 },
  { label: "tokens.expiry.year", days: 365 },
] as const;

/** A batch that was just made. */
export interface NewBatch {
  readonly name: string;
  readonly codes: readonly string[];
}

/** Makes a batch of equal codes, or edits the given one. */
@Component({
  selector: "tg-redemption-editor",
  imports: [Drawer, FaultNotice, Field, FormField, QuotaInput, TranslocoDirective],
  templateUrl: "./redemption-editor.component.html",
})
export class RedemptionEditor {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly #locale = inject(Locale);
  readonly code = input<Redemption | undefined>(undefined);
  readonly closed = output();
  readonly saved = output<string>();
  readonly created = output<NewBatch>();
  protected readonly presets = PRESETS;
  protected readonly fault = signal<Fault | undefined>(undefined);
  readonly #original = computed(() => {
    const code = this.code();
    return code ? draftOf(code) : newRedemptionDraft;
  });
  protected readonly draft = linkedSignal(() => this.#original());
  protected readonly form = form(this.draft, redemptionSchema);

  protected setExpiry(days: number): void {
    const expires = days === 0 ? "" : localDateTime(Date.now() / 1000 + days * 86_400);
    this.draft.update((draft) => ({ ...draft, expires }));
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    const fault = await submitForm(this.form, async () => {
      const draft = this.draft();
      const existing = this.code();
      const body = toWire(draft);
      if (existing) {
        await this.#api.put("/api/redemption/", { id: existing.id, ...body });
        this.saved.emit(draft.name);
      } else {
        const { count, creditDays: credit_days } = draft;
        const batch = { ...body, count, credit_days };
        const codes = await this.#api.post<readonly string[]>("/api/redemption/", batch);
        this.created.emit({ name: draft.name.trim(), codes });
      }
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
