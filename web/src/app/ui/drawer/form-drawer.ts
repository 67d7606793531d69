import { Component, input, output } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import type { Fault } from "#core/api/fault";
import { FaultNotice } from "#ui/fault-notice";
import { Drawer } from "./drawer";

let nextId = 1;

/** A narrow drawer that is one form: its fields are projected, Ctrl+Enter sends it too. */
@Component({
  selector: "tg-form-drawer",
  imports: [Drawer, FaultNotice, TranslocoDirective],
  template: `<tg-drawer
    *transloco="let t"
    size="narrow"
    [heading]="heading()"
    (closed)="closed.emit()"
    (keydown.control.enter)="send($event)"
  >
    <form class="stack" novalidate [id]="formId" (submit)="send($event)">
      @if (fault(); as failed) {
        <tg-fault-notice [fault]="failed" [retryable]="false" />
      }
      <ng-content />
    </form>
    <footer>
      <button type="button" class="button" (click)="closed.emit()">{{ t("action.cancel") }}</button>
      <button type="submit" class="button primary" [attr.form]="formId">{{ action() }}</button>
    </footer>
  </tg-drawer>`,
})
export class FormDrawer {
  /** Translated. */
  readonly heading = input.required<string>();
  /** Translated: what sending does. */
  readonly action = input.required<string>();
  /** What the server said against it. */
  readonly fault = input.required<Fault | undefined>();
  readonly closed = output();
  readonly sent = output();
  protected readonly formId = `form-${nextId++}`;

  protected send(event: Event): void {
    event.preventDefault();
    this.sent.emit();
  }
}
