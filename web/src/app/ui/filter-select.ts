import { Component, input, output } from "@angular/core";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One column filter as a select; an empty value means no restriction. */
@Component({
  selector: "tg-filter-select",
  template: `<select
    #box
    class="select"
    [class.set]="value() !== ''"
    [attr.aria-label]="label()"
    (change)="picked.emit(box.value)"
  >
    <option value="" [selected]="value() === ''">{{ label() }}</option>
    @for (choice of choices(); track choice.value) {
      <option [value]="choice.value" [selected]="choice.value === value()">
        {{ choice.label }}
      </option>
    }
  </select>`,
})
export class FilterSelect {
  /** Translated. */
  readonly label = input.required<string>();
  readonly value = input.required<string>();
  readonly choices = input.required<readonly Choice[]>();
  readonly picked = output<string>();
}
