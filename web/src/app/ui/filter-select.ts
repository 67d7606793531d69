import { Component, computed, input, output } from "@angular/core";

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
    (focus)="approached.emit()"
    (pointerenter)="approached.emit()"
  >
    <option value="" [selected]="value() === ''">{{ label() }}</option>
    @if (isForeign()) {
      <option [value]="value()" selected>{{ value() }}</option>
    }
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
  /** The filter in the URL is not, or not yet, among the choices. */
  protected readonly isForeign = computed(
    () => this.value() !== "" && !this.choices().some((choice) => choice.value === this.value()),
  );
  readonly picked = output<string>();
  /** Somebody is about to pick: the moment to load choices that are not there yet. */
  readonly approached = output();
}
