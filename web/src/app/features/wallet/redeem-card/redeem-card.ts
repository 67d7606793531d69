import { Component, inject, output, signal } from "@angular/core";
import { FormField, form, validate } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { toFault } from "#core/api/fault";
import { Format } from "#core/format/format";
import { submitForm } from "#core/forms/submit-form";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { type Redeemed, codesIn } from "../wallet";

/** Turns codes into balance, one after another, and tells what became of each. */
@Component({
  selector: "tg-redeem-card",
  imports: [Field, FormField, Icon, TranslocoDirective],
  templateUrl: "./redeem-card.component.html",
  styles: `
    .card {
      display: flex;
      flex-direction: column;
      gap: 12px;
      height: 100%;
    }
    form .button {
      align-self: flex-start;
    }
    .textarea {
      min-height: 0;
    }
    /* A live region must be there before it speaks; until then it takes no room. */
    [role="status"]:empty {
      margin-top: -12px;
    }
  `,
})
export class RedeemCard {
  readonly #api = inject(Api);
  protected readonly format = inject(Format);
  /** Something was redeemed: the balance has changed. */
  readonly redeemed = output();
  protected readonly outcomes = signal<readonly Redeemed[]>([]);
  protected readonly busy = signal(false);
  protected readonly form = form(signal({ text: "" }), (path) => {
    validate(path.text, ({ value }) =>
      codesIn(value()).length === 0 ? { kind: "required", message: "error.required" } : undefined,
    );
  });

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    if (this.busy()) return;
    this.busy.set(true);
    this.outcomes.set([]);
    await submitForm(this.form, async () => {
      for (const code of codesIn(this.form.text().value())) {
        const outcome = await this.#redeem(code);
        this.outcomes.update((before) => [...before, outcome]);
      }
    });
    this.busy.set(false);
    // What could not be redeemed stays to be corrected.
    const left = this.outcomes().filter(({ problem }) => problem !== "");
    if (left.length < this.outcomes().length) this.redeemed.emit();
    if (this.outcomes().length > 0) {
      this.form.text().value.set(left.map(({ code }) => code).join("\n"));
      this.form().reset();
    }
  }

  async #redeem(code: string): Promise<Redeemed> {
    try {
      const quota = await this.#api.post<number>("/api/user/topup", { key: code });
      return { code, quota, problem: "" };
    } catch (error) {
      return { code, quota: 0, problem: toFault(error).message };
    }
  }
}
