import { Component, input } from "@angular/core";
import { MatTooltip } from "@angular/material/tooltip";
import { TranslocoDirective } from "@jsverse/transloco";

/** How many models a key is limited to; their names on hover. */
@Component({
  selector: "tg-token-models",
  imports: [MatTooltip, TranslocoDirective],
  template: `<ng-container *transloco="let t">
    @if (names().length === 0) {
      <span class="muted">{{ t("tokens.allModels") }}</span>
    } @else {
      <span [matTooltip]="names().join(', ')">{{
        t(names().length === 1 ? "tokens.modelCountOne" : "tokens.modelCount", {
          count: names().length,
        })
      }}</span>
    }
  </ng-container>`,
})
export class TokenModels {
  readonly names = input.required<readonly string[]>();
}
