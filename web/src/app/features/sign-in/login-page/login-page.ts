import { Component, inject, input, signal } from "@angular/core";
import { FormField, form, required } from "@angular/forms/signals";
import { Router, RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import type { Fault } from "#core/api/fault";
import { submitForm } from "#core/forms/submit-form";
import { ServerStatus } from "#core/session/server-status";
import { Session } from "#core/session/session";
import { AppearanceMenu } from "#ui/appearance-menu";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { localPath } from "../local-path";

@Component({
  selector: "tg-login-page",
  imports: [AppearanceMenu, Field, FormField, Icon, RouterLink, TranslocoDirective],
  templateUrl: "./login-page.component.html",
})
export class LoginPage {
  readonly #session = inject(Session);
  readonly #router = inject(Router);
  protected readonly status = inject(ServerStatus);
  /** From the address: where to go after signing in, and why the page appeared. */
  readonly next = input<string>();
  readonly expired = input<string>();
  protected readonly shown = signal(false);
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly form = form(signal({ username: "", password: "" }), (path) => {
    required(path.username, { message: "error.required" });
    required(path.password, { message: "error.required" });
  });

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    this.fault.set(undefined);
    const fault = await submitForm(this.form, async () => {
      const { username, password } = this.form().value();
      await this.#session.signIn(username.trim(), password);
      await this.#router.navigateByUrl(localPath(this.next()));
    });
    this.fault.set(fault);
  }
}
