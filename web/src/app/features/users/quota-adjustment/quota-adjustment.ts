import { Component, computed, inject, input, linkedSignal, output, signal } from "@angular/core";
import { FormField, form, required, validate } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import type { Fault } from "#core/api/fault";
import { submitForm } from "#core/forms/submit-form";
import { Format } from "#core/format/format";
import { Locale } from "#core/i18n/locale";
import { randomName } from "#core/random/random-name";
import { FormDrawer } from "#ui/drawer/form-drawer";
import { Field } from "#ui/field/field";
import { QuotaInput } from "#ui/quota-input";
import { Toasts } from "#ui/toast/toasts";
import type { User } from "../user";

/** Adds to or takes from a user's quota, with a reason that the ledger keeps. */
@Component({
  selector: "tg-quota-adjustment",
  imports: [Field, FormDrawer, FormField, QuotaInput, TranslocoDirective],
  templateUrl: "./quota-adjustment.component.html",
})
export class QuotaAdjustment {
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  readonly #locale = inject(Locale);
  protected readonly format = inject(Format);
  readonly user = input.required<User>();
  readonly closed = output();
  readonly saved = output();
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly draft = signal({ direction: 1, amount: 0, remark: "" });
  protected readonly form = form(this.draft, (path) => {
    validate(path.amount, ({ value }) =>
      value() > 0 ? undefined : { kind: "amount", message: "error.amount" },
    );
    required(path.remark, { message: "error.reason" });
  });
  /** A new one for whatever else is typed; pressing twice moves once. */
  readonly #name = linkedSignal({ source: this.draft, computation: randomName });
  protected readonly change = computed(() => this.draft().direction * this.draft().amount);

  protected setDirection(direction: 1 | -1): void {
    this.draft.update((draft) => ({ ...draft, direction }));
  }

  protected async submit(): Promise<void> {
    const fault = await submitForm(this.form, async () => {
      const { id, username } = this.user();
      const { remark } = this.draft();
      const body = { user_id: id, quota: this.change(), remark };
      await this.#api.move("/api/topup", body, this.#name());
      this.#toasts.done(this.#locale.translate("users.adjusted", { name: username }));
      this.saved.emit();
    });
    this.fault.set(fault);
  }
}
