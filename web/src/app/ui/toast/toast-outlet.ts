import { Component, inject } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Icon } from "#ui/icon/icon";
import { type Toast, Toasts } from "./toasts";

@Component({
  selector: "tg-toast-outlet",
  imports: [Icon, TranslocoDirective],
  template: `<section class="toasts" *transloco="let t" [attr.aria-label]="t('toast.region')">
    <div aria-live="polite" class="stack-tight">
      @for (toast of toasts.shown(); track toast.id) {
        <div class="toast">
          <tg-icon
            [name]="toast.tone === 'bad' ? 'circle-x' : 'check-circle'"
            [class]="toast.tone"
          />
          <p>
            {{ toast.text }}
            @if (toast.requestId) {
              <span class="muted small mono">{{ toast.requestId }}</span>
            }
          </p>
          @if (toast.action) {
            <button type="button" class="button small" (click)="act(toast)">
              {{ t(toast.actionLabel) }}
            </button>
          }
          <button
            type="button"
            class="button quiet small icon-only"
            [attr.aria-label]="t('action.close')"
            (click)="toasts.dismiss(toast.id)"
          >
            <tg-icon name="x" [size]="14" />
          </button>
        </div>
      }
    </div>
  </section>`,
})
export class ToastOutlet {
  protected readonly toasts = inject(Toasts);

  protected act(toast: Toast): void {
    toast.action?.();
    this.toasts.dismiss(toast.id);
  }
}
