import { Component, inject, input, signal } from "@angular/core";
import { FormField, form } from "@angular/forms/signals";
import { Router, RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { type Fault, toFault } from "#core/api/fault";
import { submitForm } from "#core/forms/submit-form";
import { Locale } from "#core/i18n/locale";
import { ServerStatus } from "#core/session/server-status";
import { Session } from "#core/session/session";
import { AppearanceMenu } from "#ui/appearance-menu";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { Toasts } from "#ui/toast/toasts";
import { newRegistration, registrationSchema } from "./registration-schema";

@Component({
  selector: "tg-register-page",
  imports: [AppearanceMenu, Field, FormField, Icon, RouterLink, TranslocoDirective],
  templateUrl: "./register-page.component.html",
})
export class RegisterPage {
  readonly #api = inject(Api);
  readonly #session = inject(Session);
  readonly #router = inject(Router);
  readonly #toasts = inject(Toasts);
  readonly #locale = inject(Locale);
  protected readonly status = inject(ServerStatus);
  /** The inviter's code, from the address. */
  readonly aff = input<string>();
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly form = form(
    signal({ ...newRegistration, needsEmail: this.status.facts().email_verification === true }),
    registrationSchema,
  );

  protected async sendCode(): Promise<void> {
    try {
      await this.#api.get("/api/verification", { email: this.form.email().value() });
      this.#toasts.done(this.#locale.translate("register.codeSent"));
    } catch (error) {
      this.fault.set(toFault(error));
    }
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    this.fault.set(undefined);
    const fault = await submitForm(this.form, async () => {
      const { username, password, email, code, needsEmail } = this.form().value();
      await this.#api.post("/api/user/register", {
        username,
        password,
        aff_code: this.aff() ?? "",
        ...(needsEmail ? { email, verification_code: code } : {}),
      });
      await this.#session.signIn(username, password);
      await this.#router.navigateByUrl("/console");
    });
    this.fault.set(fault);
  }
}
