import { Component, computed, inject, linkedSignal, model } from "@angular/core";
import type { FormValueControl } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";

/** An amount typed in dollars and kept in quota units; both are shown while typing. */
@Component({
  selector: "tg-quota-input",
  imports: [TranslocoDirective],
  template: `<div *transloco="let t" class="stack-tight">
    <input
      #box
      class="input"
      inputmode="decimal"
      placeholder="10.00"
      [attr.aria-label]="t('quota.dollars')"
      [attr.aria-invalid]="broken()"
      [value]="text()"
      (input)="onInput(box.value)"
      (blur)="touched.set(true)"
    />
    <span class="small" [class.muted]="!broken()" [class.bad]="broken()">
      {{
        broken()
          ? t("quota.broken")
          : t("quota.equals", { money: format.money(value()), units: format.integer(value()) })
      }}
    </span>
  </div>`,
})
export class QuotaInput implements FormValueControl<number> {
  protected readonly format = inject(Format);
  /** Quota units. */
  readonly value = model(0);
  readonly touched = model(false);
  protected readonly text = linkedSignal<number, string>({
    source: this.value,
    // What is being typed stays as typed as long as it means the same amount.
    computation: (units, previous) =>
      previous && this.format.parseMoney(previous.value) === units
        ? previous.value
        : units === 0
          ? ""
          : this.format.money(units).replace(/[$,<]/g, ""),
  });
  protected readonly broken = computed(
    () => this.text().trim() !== "" && this.format.parseMoney(this.text()) === undefined,
  );

  protected onInput(text: string): void {
    this.text.set(text);
    const units = text.trim() === "" ? 0 : this.format.parseMoney(text);
    if (units !== undefined) this.value.set(units);
  }
}
