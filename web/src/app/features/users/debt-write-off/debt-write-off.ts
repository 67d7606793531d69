import { Component, computed, inject, input, linkedSignal, output, signal } from "@angular/core";
import { FormField, form, maxLength, required } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import type { Fault } from "#core/api/fault";
import { Format } from "#core/format/format";
import { submitForm } from "#core/forms/submit-form";
import { Locale } from "#core/i18n/locale";
import { randomName } from "#core/random/random-name";
import { FormDrawer } from "#ui/drawer/form-drawer";
import { Field } from "#ui/field/field";
import { Toasts } from "#ui/toast/toasts";
import { type User, debtOf } from "../user";

interface WrittenOff {
  readonly amount_nano: string;
}

/** Lifts a balance below zero to zero, with a reason that the ledger keeps. */
@Component({
  selector: "tg-debt-write-off",
  imports: [Field, FormDrawer, FormField, TranslocoDirective],
  templateUrl: "./debt-write-off.component.html",
})
export class DebtWriteOff {
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  readonly #locale = inject(Locale);
  protected readonly format = inject(Format);
  readonly user = input.required<User>();
  readonly closed = output();
  readonly saved = output();
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly draft = signal({ reason: "" });
  readonly #name = linkedSignal({ source: this.draft, computation: randomName });
  protected readonly form = form(this.draft, (path) => {
    required(path.reason, { message: "error.reason" });
    maxLength(path.reason, 200, { message: "error.reasonLong" });
  });
  protected readonly debt = computed(() => String(debtOf(this.user())));

  protected async submit(): Promise<void> {
    const fault = await submitForm(this.form, async () => {
      const { id, username: name } = this.user();
      const body = { user_id: id, reason: this.draft().reason.trim() };
      const done = await this.#api.move<WrittenOff>("/api/write_off", body, this.#name());
      const money = this.format.nano(done.amount_nano);
      this.#toasts.done(this.#locale.translate("writeOff.done", { name, money }));
      this.saved.emit();
    });
    this.fault.set(fault);
  }
}
