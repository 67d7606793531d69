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
import { FormField, form, maxLength, required, validate } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { type Fault, toFault } from "#core/api/fault";
import { Format } from "#core/format/format";
import { parseNano, plainDollars, toNanos } from "#core/format/nano-amount";
import { submitForm } from "#core/forms/submit-form";
import { Locale } from "#core/i18n/locale";
import { randomName } from "#core/random/random-name";
import { FaultNotice } from "#ui/fault-notice";
import { Field } from "#ui/field/field";
import { Moment } from "#ui/moment";
import { Toasts } from "#ui/toast/toasts";
import type { LogRow } from "../log";
import type { Explanation } from "../log-explain/explanation";

interface Refunded {
  readonly amount_nano: string;
}

/** Gives back what a call cost, or a part of it, with a reason; for operators. Loads when it is opened. */
@Component({
  selector: "tg-log-refund",
  imports: [FaultNotice, Field, FormField, Moment, TranslocoDirective],
  templateUrl: "./log-refund.component.html",
})
export class LogRefund {
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  readonly #locale = inject(Locale);
  protected readonly format = inject(Format);
  readonly call = input.required<LogRow>();
  readonly refunded = output();
  readonly #requestId = computed(() => this.call().request_id);
  /** Closes again when another call is shown. */
  protected readonly open = linkedSignal({ source: this.#requestId, computation: () => false });
  protected readonly loaded = resource({
    params: () => (this.open() ? this.#requestId() : undefined),
    loader: ({ params, abortSignal }) =>
      this.#api.get<Explanation>(`/api/log/${encodeURIComponent(params)}/explain`, {}, abortSignal),
  });
  protected readonly loadFault = computed(() =>
    this.loaded.error() ? toFault(this.loaded.error()) : undefined,
  );
  protected readonly told = computed(() =>
    this.loaded.hasValue() ? this.loaded.value() : undefined,
  );
  protected readonly left = computed(() => {
    const told = this.told();
    return told ? toNanos(told.cost_nano) - toNanos(told.refunded_nano) : 0n;
  });
  protected readonly fault = signal<Fault | undefined>(undefined);
  protected readonly draft = linkedSignal(() => ({
    amount: plainDollars(this.left()),
    reason: "",
  }));
  readonly #name = linkedSignal({ source: this.draft, computation: randomName });
  protected readonly form = form(this.draft, (path) => {
    validate(path.amount, ({ value }) => {
      const nanos = parseNano(value());
      if (nanos === undefined || nanos <= 0n)
        return { kind: "amount", message: "refund.amountBad" };
      return nanos > this.left() ? { kind: "most", message: "refund.amountMost" } : undefined;
    });
    required(path.reason, { message: "error.reason" });
    maxLength(path.reason, 200, { message: "error.reasonLong" });
  });
  readonly #nanos = computed(() => parseNano(this.draft().amount));
  /** What is typed, in nano-dollars. */
  protected readonly typed = computed(() => {
    const nanos = this.#nanos();
    return nanos === undefined ? "–" : this.format.integer(nanos);
  });

  protected toggle(event: Event): void {
    this.open.set(event.target instanceof HTMLDetailsElement && event.target.open);
  }

  protected async submit(event: Event): Promise<void> {
    event.preventDefault();
    const fault = await submitForm(this.form, async () => {
      const body = {
        request_id: this.#requestId(),
        amount_nano: String(this.#nanos()),
        reason: this.draft().reason.trim(),
      };
      const done = await this.#api.move<Refunded>("/api/refund", body, this.#name());
      const money = this.format.nano(done.amount_nano);
      this.#toasts.done(this.#locale.translate("refund.done", { money }));
      this.form().reset();
      this.loaded.reload();
      this.refunded.emit();
    });
    this.fault.set(fault);
  }
}
