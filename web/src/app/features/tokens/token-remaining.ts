import { Component, inject, input } from "@angular/core";
import { MatTooltip } from "@angular/material/tooltip";
import { TranslocoDirective } from "@jsverse/transloco";
import { Format } from "#core/format/format";
import type { Token } from "./token";

/** What is left of a key's own quota; its units on hover. */
@Component({
  selector: "tg-token-remaining",
  imports: [MatTooltip, TranslocoDirective],
  template: `<ng-container *transloco="let t">
    @if (token().unlimited_quota) {
      <span class="muted">{{ t("tokens.unlimitedShort") }}</span>
    } @else {
      <span [matTooltip]="t('quota.units', { units: format.integer(token().remain_quota) })">{{
        format.moneyFixed(token().remain_quota, 4)
      }}</span>
    }
  </ng-container>`,
})
export class TokenRemaining {
  protected readonly format = inject(Format);
  readonly token = input.required<Token>();
}
