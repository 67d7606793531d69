import { Component, input, output } from "@angular/core";
import { Icon } from "#ui/icon/icon";
import type { IconName } from "#ui/icon/icons";

/** What belongs here and the one thing to do next: to make the first one, or what is projected. */
@Component({
  selector: "tg-empty-state",
  imports: [Icon],
  template: `<div class="state">
    <tg-icon class="muted" [name]="icon()" [size]="20" />
    <div class="stack-tight">
      <h2>{{ heading() }}</h2>
      <p class="muted">{{ text() }}</p>
    </div>
    @if (createLabel(); as label) {
      <button type="button" class="button primary" (click)="create.emit()">
        <tg-icon name="plus" />{{ label }}
      </button>
    }
    <ng-content />
  </div>`,
})
export class EmptyState {
  readonly icon = input<IconName>("info");
  readonly heading = input.required<string>();
  readonly text = input("");
  /** Translated: makes the first one. */
  readonly createLabel = input("");
  readonly create = output();
}
