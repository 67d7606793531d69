import { Component, inject, signal } from "@angular/core";
import { FormField, form, maxLength, validate } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { type Fault, toFault } from "#core/api/fault";
import { submitForm } from "#core/forms/submit-form";
import { Format } from "#core/format/format";
import { Locale } from "#core/i18n/locale";
import { type Density, Preferences, type Theme } from "#core/preferences/preferences";
import { Session } from "#core/session/session";
import { Confirm } from "#ui/confirm/confirm";
import { Copyable } from "#ui/copyable";
import { FaultNotice } from "#ui/fault-notice";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { Toasts } from "#ui/toast/toasts";

/** One's own account, password, access token and preferences. */
@Component({
  selector: "tg-profile-page",
  imports: [Copyable, FaultNotice, Field, FormField, Icon, TranslocoDirective],
  templateUrl: "./profile-page.component.html",
  styles: `
    .wrap {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr));
      gap: 16px;
      align-items: start;
    }
    .card {
      display: flex;
      flex-direction: column;
      gap: 16px;
    }
    .segments,
    form .button {
      align-self: flex-start;
    }
  `,
})
export class ProfilePage {
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  readonly #locale = inject(Locale);
  readonly #confirm = inject(Confirm);
  protected readonly session = inject(Session);
  protected readonly preferences = inject(Preferences);
  protected readonly format = inject(Format);
  protected readonly themes: readonly Theme[] = ["system", "light", "dark"];
  protected readonly densities: readonly Density[] = ["compact", "normal"];
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly accessToken = signal("");
  protected readonly form = form(
    signal({ displayName: this.session.viewer()?.display_name ?? "", password: "" }),
    (path) => {
      maxLength(path.displayName, 64, { message: "error.nameLong" });
      validate(path.password, ({ value }) =>
        value() !== "" && value().length < 8
          ? { kind: "short", message: "error.passwordShort" }
          : undefined,
      );
    },
  );

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    const fault = await submitForm(this.form, async () => {
      const { displayName, password } = this.form().value();
      const username = this.session.viewer()?.username ?? "";
      await this.#api.put("/api/user/self", { username, display_name: displayName, password });
      this.form.password().value.set("");
      await this.session.restore();
      this.#toasts.done(this.#locale.translate("profile.saved"));
    });
    this.fault.set(fault);
  }

  /** Making a new access token ends the old one, so it is asked first. */
  protected async renewAccessToken(): Promise<void> {
    const agreed = await this.#confirm.ask({
      title: this.#locale.translate("profile.renewTitle"),
      text: this.#locale.translate("profile.renewText"),
      action: this.#locale.translate("profile.renew"),
    });
    if (!agreed) return;
    try {
      this.accessToken.set(await this.#api.get<string>("/api/user/token"));
    } catch (error) {
      this.fault.set(toFault(error));
    }
  }
}
