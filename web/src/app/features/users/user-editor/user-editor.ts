import {
  Component,
  computed,
  inject,
  input,
  linkedSignal,
  output,
  resource,
  signal,
} from "@angular/core";
import { FormField, form } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { type Fault, toFault } from "#core/api/fault";
import { submitForm } from "#core/forms/submit-form";
import { Format } from "#core/format/format";
import { Locale } from "#core/i18n/locale";
import { Drawer } from "#ui/drawer/drawer";
import { FaultNotice } from "#ui/fault-notice";
import { Field } from "#ui/field/field";
import { Icon } from "#ui/icon/icon";
import { Toasts } from "#ui/toast/toasts";
import { type User, boundTo, debtOf } from "../user";
import { draftOf, newUserDraft, toWire, userSchema } from "./user-schema";

/** Creates a user, or edits the given one. */
@Component({
  selector: "tg-user-editor",
  imports: [Drawer, FaultNotice, Field, FormField, Icon, TranslocoDirective],
  templateUrl: "./user-editor.component.html",
  styles: `
    .notice {
      align-items: center;
    }
  `,
})
export class UserEditor {
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  readonly #locale = inject(Locale);
  protected readonly format = inject(Format);
  readonly userId = input<number | undefined>(undefined);
  readonly closed = output();
  readonly saved = output();
  readonly writeOff = output<User>();
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly boundTo = boundTo;
  protected readonly debtOf = debtOf;
  protected readonly loaded = resource({
    params: () => this.userId(),
    loader: ({ params, abortSignal }) =>
      this.#api.get<User>(`/api/user/${params}`, {}, abortSignal),
  });
  protected readonly groups = resource({
    loader: ({ abortSignal }) => this.#api.get<readonly string[]>("/api/group/", {}, abortSignal),
  });
  protected readonly user = computed(() =>
    this.loaded.hasValue() ? this.loaded.value() : undefined,
  );
  protected readonly loadFault = computed(() =>
    this.loaded.error() ? toFault(this.loaded.error()) : undefined,
  );
  protected readonly draft = linkedSignal(() => {
    const user = this.user();
    return user ? draftOf(user) : newUserDraft;
  });
  protected readonly form = form(this.draft, userSchema);

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    const fault = await submitForm(this.form, async () => {
      const body = toWire(this.draft());
      const user = this.user();
      if (user) await this.#api.put("/api/user/", { id: user.id, ...body });
      else await this.#api.post("/api/user/", body);
      this.#toasts.done(this.#locale.translate("toast.saved", { name: this.draft().username }));
      this.saved.emit();
    });
    this.fault.set(fault);
  }
}
