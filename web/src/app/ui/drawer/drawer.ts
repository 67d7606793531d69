import { CdkTrapFocus } from "@angular/cdk/a11y";
import { Component, DOCUMENT, inject, input, output } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Icon } from "#ui/icon/icon";

let nextId = 1;

/** A panel from the right over the page; focus goes in, stays in, and returns where it was. */
@Component({
  selector: "tg-drawer",
  imports: [CdkTrapFocus, Icon, TranslocoDirective],
  host: { "(document:keydown.escape)": "onEscapeOutside()" },
  template: `<ng-container *transloco="let t">
    <div class="drawer-scrim" aria-hidden="true" (click)="closed.emit()"></div>
    <div
      class="drawer"
      role="dialog"
      aria-modal="true"
      cdkTrapFocus
      cdkTrapFocusAutoCapture
      [class]="size()"
      [attr.aria-labelledby]="titleId"
      (keydown)="onKey($event)"
    >
      <header>
        <h2 class="truncate" tabindex="-1" cdkFocusInitial [id]="titleId">{{ heading() }}</h2>
        @if (steps()) {
          <button
            type="button"
            class="button quiet icon-only"
            [attr.aria-label]="t('drawer.previous')"
            (click)="step.emit(-1)"
          >
            <tg-icon name="chevron-up" />
          </button>
          <button
            type="button"
            class="button quiet icon-only"
            [attr.aria-label]="t('drawer.next')"
            (click)="step.emit(1)"
          >
            <tg-icon name="chevron-down" />
          </button>
        }
        <button
          type="button"
          class="button quiet icon-only"
          [attr.aria-label]="t('action.close')"
          (click)="closed.emit()"
        >
          <tg-icon name="x" />
        </button>
      </header>
      <div class="body" tabindex="0" role="group" [attr.aria-labelledby]="titleId">
        <ng-content />
      </div>
      <ng-content select="footer" />
    </div>
  </ng-container>`,
})
export class Drawer {
  readonly #document = inject(DOCUMENT);
  readonly heading = input.required<string>();
  readonly size = input<"narrow" | "normal" | "wide">("normal");
  /** Offers buttons and the keys J and K for the next and the previous row. */
  readonly steps = input(false);
  readonly closed = output();
  readonly step = output<1 | -1>();
  protected readonly titleId = `drawer-title-${nextId++}`;

  /** What had the focus may have gone, such as a form that has done its work; then the page itself has the key. */
  protected onEscapeOutside(): void {
    const { activeElement, body } = this.#document;
    if (activeElement === null || activeElement === body) this.closed.emit();
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.closed.emit();
      return;
    }
    const typing =
      event.target instanceof HTMLElement && event.target.matches("input,textarea,select");
    if (!this.steps() || typing || event.ctrlKey || event.metaKey) return;
    if (event.key === "j") this.step.emit(1);
    if (event.key === "k") this.step.emit(-1);
  }
}
