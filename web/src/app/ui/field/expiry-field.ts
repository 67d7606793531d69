import { Component, input } from "@angular/core";
import { type FieldTree, FormField } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { localDateTime } from "#core/format/local-date-time";
import { Field } from "./field";

const DAY_SECONDS = 86_400;

const PRESETS = [
  { label: "expiry.never", days: 0 },
  { label: "expiry.day", days: 1 },
  { label: "expiry.month", days: 30 },
  { label: "expiry.quarter", days: 90 },
  { label: "expiry.year", days: 365 },
] as const;

/** When something ends: a time, or one of the usual spans from now. Its text is that of a date-time field, empty for never. */
@Component({
  selector: "tg-expiry-field",
  imports: [Field, FormField, TranslocoDirective],
  template: `<fieldset class="stack-tight field" *transloco="let t">
    <legend class="visually-hidden">{{ t(label()) }}</legend>
    <tg-field [label]="label()" [help]="help()" [optional]="true" [field]="field()">
      <input class="input" type="datetime-local" [formField]="field()" />
    </tg-field>
    <div class="row">
      @for (preset of presets; track preset.days) {
        <button type="button" class="button small" (click)="setExpiry(preset.days)">
          {{ t(preset.label) }}
        </button>
      }
    </div>
  </fieldset>`,
})
export class ExpiryField {
  /** Translation keys. */
  readonly label = input.required<string>();
  readonly help = input("");
  readonly field = input.required<FieldTree<string>>();
  protected readonly presets = PRESETS;

  protected setExpiry(days: number): void {
    const expires = days === 0 ? "" : localDateTime(Date.now() / 1000 + days * DAY_SECONDS);
    this.field()().value.set(expires);
  }
}
