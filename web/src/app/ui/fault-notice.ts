import { Component, input, output } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import type { Fault } from "#core/api/fault";
import { Copyable } from "#ui/copyable";
import { Icon } from "#ui/icon/icon";

/** What failed, why, the request id to hand on, and the way to try again. */
@Component({
  selector: "tg-fault-notice",
  imports: [Copyable, Icon, TranslocoDirective],
  template: `<div class="notice bad" role="alert" *transloco="let t">
    <tg-icon name="alert" />
    <div class="grow">
      <strong>{{ t("fault.title") }}</strong>
      <p>{{ fault().message }}</p>
      @if (fault().requestId; as id) {
        <p class="small">{{ t("fault.requestId") }} <tg-copyable [value]="id" [mono]="true" /></p>
      }
    </div>
    @if (retryable()) {
      <button type="button" class="button small" (click)="retry.emit()">
        {{ t("action.retry") }}
      </button>
    }
  </div>`,
})
export class FaultNotice {
  readonly fault = input.required<Fault>();
  readonly retryable = input(true);
  readonly retry = output();
}
