import { Component, computed, inject, signal } from "@angular/core";
import { FormField, form, minLength, pattern, required } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import type { Fault } from "#core/api/fault";
import { submitForm } from "#core/forms/submit-form";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { SetupFlow } from "../setup-flow";
import { passwordStrength } from "../password-strength";

/** Makes the root user; the one-time code comes with the address that the server printed. */
@Component({
  selector: "tg-account-step",
  imports: [Field, FormField, Icon, TranslocoDirective],
  templateUrl: "./account-step.component.html",
})
export class AccountStep {
  readonly #flow = inject(SetupFlow);
  protected readonly shown = signal(false);
  protected readonly fault = signal<Fault | undefined>(undefined);
  readonly #code = codeFromAddress();
  protected readonly asksCode = this.#code === "";
  protected readonly form = form(
    signal({ code: this.#code, username: "root", password: "" }),
    (path) => {
      required(path.code, { message: "error.required" });
      required(path.username, { message: "error.required" });
      pattern(path.username, /^[A-Za-z0-9_.-]{3,64}$/, { message: "error.username" });
      required(path.password, { message: "error.required" });
      minLength(path.password, 8, { message: "error.passwordShort" });
    },
  );
  protected readonly strength = computed(() => passwordStrength(this.form.password().value()));

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    this.fault.set(undefined);
    const fault = await submitForm(this.form, () => this.#flow.createAccount(this.form().value()));
    this.fault.set(fault);
  }
}

function codeFromAddress(): string {
  return new URLSearchParams(location.hash.replace(/^#/, "")).get("code") ?? "";
}
