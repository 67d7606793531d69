import { Component, input, output } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Icon } from "#ui/icon/icon";

/** The head of a page that lists something: its name, what concerns the whole list, and the button for a new row. */
@Component({
  selector: "tg-list-head",
  imports: [Icon, TranslocoDirective],
  template: `<header class="page-header" *transloco="let t">
    <h1 class="lead">{{ t(heading()) }}</h1>
    <ng-content />
    <button type="button" class="button primary" (click)="create.emit()">
      <tg-icon name="plus" />{{ t(createLabel()) }}
    </button>
  </header>`,
  styles: `
    :host {
      display: contents;
    }
  `,
})
export class ListHead {
  /** Translation keys. */
  readonly heading = input.required<string>();
  readonly createLabel = input.required<string>();
  readonly create = output();
}
