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
import type { Fault } from "#core/api/fault";
import { submitForm } from "#core/forms/submit-form";
import { ChipInput } from "#ui/chips/chip-input";
import { Confirm } from "#ui/confirm/confirm";
import { FormDrawer } from "#ui/drawer/form-drawer";
import { ExpiryField } from "#ui/field/expiry-field";
import { Field } from "#ui/field/field";
import { QuotaInput } from "#ui/quota-input";
import type { Token } from "../token";
import { draftOf, newTokenDraft, toWire, tokenSchema } from "./token-schema";

/** Creates a key, or edits the given one. */
@Component({
  selector: "tg-token-editor",
  imports: [ChipInput, ExpiryField, Field, FormDrawer, FormField, QuotaInput, TranslocoDirective],
  templateUrl: "./token-editor.component.html",
})
export class TokenEditor {
  readonly #api = inject(Api);
  readonly #confirm = inject(Confirm);
  readonly token = input<Token | undefined>(undefined);
  readonly closed = output();
  /** The stored key; for a new one it holds the secret this once. */
  readonly saved = output<Token>();
  protected readonly fault = signal<Fault | undefined>(undefined);
  readonly #original = computed(() => {
    const token = this.token();
    return token ? draftOf(token) : newTokenDraft;
  });
  protected readonly draft = linkedSignal(() => this.#original());
  protected readonly form = form(this.draft, tokenSchema);
  protected readonly models = resource({
    loader: ({ abortSignal }) =>
      this.#api.get<readonly string[] | null>("/api/user/available_models", {}, abortSignal),
  });
  protected readonly suggestions = computed(() =>
    this.models.hasValue() ? (this.models.value() ?? []) : [],
  );

  protected async submit(): Promise<void> {
    const fault = await submitForm(this.form, async () => {
      const existing = this.token();
      const body = toWire(this.draft());
      const saved = existing
        ? await this.#api.put<Token>("/api/token/", { ...existing, ...body })
        : await this.#api.post<Token>("/api/token/", body);
      this.saved.emit(saved);
    });
    this.fault.set(fault);
  }

  protected async close(): Promise<void> {
    const isChanged = JSON.stringify(this.draft()) !== JSON.stringify(this.#original());
    if (await this.#confirm.mayLeave(isChanged)) this.closed.emit();
  }
}
