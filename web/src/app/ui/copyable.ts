import { Component, inject, input, signal } from "@angular/core";
import { MatTooltip } from "@angular/material/tooltip";
import { TranslocoDirective } from "@jsverse/transloco";
import { Icon } from "#ui/icon/icon";
import { Toasts } from "#ui/toast/toasts";

const QUIET_MS = 1_500;

/** Shows something short and copies the whole of it on a click. */
@Component({
  selector: "tg-copyable",
  imports: [Icon, MatTooltip, TranslocoDirective],
  template: `<ng-container *transloco="let t">
    <button
      type="button"
      class="copyable"
      [class.mono]="mono()"
      [matTooltip]="copied() ? t('copy.done') : hint() || value()"
      [attr.aria-label]="t('copy.label', { value: (text() || value()) + ' ' + label() })"
      (click)="copy($event, t('copy.failed'))"
    >
      <span [class.truncate]="clip()">{{ text() || value() }}</span>
      @if (copied()) {
        <tg-icon name="check" [size]="12" />
      } @else if (icon()) {
        <tg-icon name="copy" [size]="12" />
      }
    </button>
  </ng-container>`,
  styles: `
    :host {
      display: inline-flex;
      min-width: 0;
      max-width: 100%;
    }
    :host-context(td),
    :host-context(th) {
      max-width: 260px;
    }
  `,
})
export class Copyable {
  readonly #toasts = inject(Toasts);
  readonly value = input.required<string>();
  readonly text = input("");
  readonly hint = input("");
  readonly label = input("");
  readonly mono = input(false);
  readonly icon = input(true);
  /** Shortens with an ellipsis where the place is narrow. */
  readonly clip = input(true);
  protected readonly copied = signal(false);

  protected async copy(event: Event, failure: string): Promise<void> {
    event.stopPropagation();
    try {
      await navigator.clipboard.writeText(this.value());
      this.copied.set(true);
      setTimeout(() => this.copied.set(false), QUIET_MS);
    } catch {
      // Browsers refuse the clipboard on insecure origins; say so instead of pretending.
      this.#toasts.error(failure);
    }
  }
}
