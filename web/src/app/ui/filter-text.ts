import { Component, DestroyRef, computed, inject, input } from "@angular/core";
import type { ListFrame } from "#core/list/list";

const PAUSE_MS = 350;

/** One column filter of a list as a small text field; an empty text means no restriction. */
@Component({
  selector: "tg-filter-text",
  template: `<input
    #box
    class="input"
    [class.set]="value() !== ''"
    [attr.aria-label]="label()"
    [placeholder]="label()"
    [value]="value()"
    (input)="onInput(box.value)"
  />`,
  styles: `
    .input {
      width: 104px;
      border-color: var(--line-strong);
    }
    .set {
      border-color: var(--accent-text);
    }
  `,
})
export class FilterText {
  /** Translated. */
  readonly label = input.required<string>();
  readonly list = input.required<ListFrame>();
  /** Of the filter on the wire. */
  readonly name = input.required<string>();
  protected readonly value = computed(() => this.list().state().filters[this.name()] ?? "");
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  protected onInput(text: string): void {
    clearTimeout(this.#timer);
    const apply = (): void => this.list().setFilter(this.name(), text.trim());
    this.#timer = setTimeout(apply, PAUSE_MS);
  }
}
