import { Component, computed, input, output } from "@angular/core";
import type { ListFrame } from "#core/list/list";

export interface Choice {
  readonly value: string;
  readonly label: string;
}

/** One column filter of a list as a select; an empty value means no restriction. */
@Component({
  selector: "tg-filter-select",
  template: `<select
    #box
    class="select"
    [class.set]="value() !== ''"
    [attr.aria-label]="label()"
    (change)="list().setFilter(name(), box.value)"
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
  readonly list = input.required<ListFrame>();
  /** Of the filter on the wire. */
  readonly name = input.required<string>();
  readonly choices = input.required<readonly Choice[]>();
  protected readonly value = computed(() => this.list().state().filters[this.name()] ?? "");
  /** The filter in the URL is not, or not yet, among the choices. */
  protected readonly isForeign = computed(
    () => this.value() !== "" && !this.choices().some((choice) => choice.value === this.value()),
  );
  /** Somebody is about to pick: the moment to load choices that are not there yet. */
  readonly approached = output();
}
