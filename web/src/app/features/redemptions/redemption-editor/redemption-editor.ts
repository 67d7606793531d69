import { Component, computed, inject, input, linkedSignal, output, signal } from "@angular/core";
import { FormField, form } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import type { Fault } from "#core/api/fault";
import { submitForm } from "#core/forms/submit-form";
import { Confirm } from "#ui/confirm/confirm";
import { FormDrawer } from "#ui/drawer/form-drawer";
import { ExpiryField } from "#ui/field/expiry-field";
import { Field } from "#ui/field/field";
import { QuotaInput } from "#ui/quota-input";
import type { Redemption } from "../redemption";
import { draftOf, newRedemptionDraft, redemptionSchema, toWire } from "./redemption-schema";

/** A batch that was just made. */
export interface NewBatch {
  readonly name: string;
  readonly codes: readonly string[];
}

/** Makes a batch of equal codes, or edits the given one. */
@Component({
  selector: "tg-redemption-editor",
  imports: [ExpiryField, Field, FormDrawer, FormField, QuotaInput, TranslocoDirective],
  templateUrl: "./redemption-editor.component.html",
})
export class RedemptionEditor {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly code = input<Redemption | undefined>(undefined);
  readonly closed = output();
  readonly saved = output<string>();
  readonly created = output<NewBatch>();
  protected readonly fault = signal<Fault | undefined>(undefined);
  readonly #original = computed(() => {
    const code = this.code();
    return code ? draftOf(code) : newRedemptionDraft;
  });
  protected readonly draft = linkedSignal(() => this.#original());
  protected readonly form = form(this.draft, redemptionSchema);

  protected async submit(): Promise<void> {
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
    const isChanged = JSON.stringify(this.draft()) !== JSON.stringify(this.#original());
    if (await this.#confirm.mayLeave(isChanged)) this.closed.emit();
  }
}
