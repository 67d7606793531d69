import { Component, DestroyRef, inject, input, output } from "@angular/core";

const PAUSE_MS = 350;

/** One column filter as a small text field; an empty text means no restriction. */
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
  readonly value = input.required<string>();
  readonly typed = output<string>();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    inject(DestroyRef).onDestroy(() => clearTimeout(this.#timer));
  }

  protected onInput(text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.typed.emit(text.trim()), PAUSE_MS);
  }
}
