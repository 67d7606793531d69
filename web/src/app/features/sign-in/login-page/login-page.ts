import { Component, inject, input, signal } from "@angular/core";
import { Router, RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { type Fault, toFault } from "#core/api/fault";
import { ServerStatus } from "#core/session/server-status";
import { Session } from "#core/session/session";
import { AppearanceMenu } from "#ui/appearance-menu";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { localPath } from "../local-path";

@Component({
  selector: "tg-login-page",
  imports: [AppearanceMenu, Field, Icon, RouterLink, TranslocoDirective],
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
  // Two fields need no forms library, which would double the weight of this first page.
  protected readonly username = signal("");
  protected readonly password = signal("");
  protected readonly tried = signal(false);
  protected readonly busy = signal(false);

  /** Signs in, or moves to the first field that is still empty. */
  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    this.tried.set(true);
    if (this.username().trim() === "" || this.password() === "") {
      this.#focusFirstEmpty(event.target);
      return;
    }
    if (this.busy()) return;
    this.busy.set(true);
    this.fault.set(undefined);
    try {
      await this.#session.signIn(this.username().trim(), this.password());
      await this.#router.navigateByUrl(localPath(this.next()));
    } catch (error) {
      this.fault.set(toFault(error));
    } finally {
      this.busy.set(false);
    }
  }

  #focusFirstEmpty(target: EventTarget | null): void {
    if (!(target instanceof HTMLFormElement)) return;
    const inputs = [...target.querySelectorAll("input")];
    inputs.find((input) => input.value.trim() === "")?.focus();
  }
}
