import { Component, input } from "@angular/core";
import { MatMenu, MatMenuItem, MatMenuTrigger } from "@angular/material/menu";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Icon } from "#ui/icon/icon";
import type { RowAction } from "#ui/row-action";

/** What can be done to one row of a list. */
@Component({
  selector: "tg-row-menu",
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink, TranslocoDirective],
  template: `<ng-container *transloco="let t">
    <button
      type="button"
      class="button quiet small icon-only"
      [attr.aria-label]="t('table.menu', { name: name() })"
      [matMenuTriggerFor]="menu"
    >
      <tg-icon name="more" />
    </button>
    <mat-menu #menu="matMenu" xPosition="before">
      @for (action of actions(); track $index) {
        @switch (action.kind) {
          @case ("run") {
            <button mat-menu-item type="button" (click)="action.run()">
              <tg-icon [name]="action.icon" />{{ t(action.label) }}
            </button>
          }
          @case ("link") {
            <a mat-menu-item [routerLink]="action.path" [queryParams]="action.query">
              <tg-icon [name]="action.icon" />{{ t(action.label) }}
            </a>
          }
          @case ("remove") {
            <hr />
            <button mat-menu-item type="button" class="danger" (click)="action.run()">
              <tg-icon name="trash" />{{ t("action.delete") }}
            </button>
          }
        }
      }
    </mat-menu>
  </ng-container>`,
})
export class RowMenu {
  /** Of the row, for screen readers. */
  readonly name = input.required<string>();
  readonly actions = input.required<readonly RowAction[]>();
}
