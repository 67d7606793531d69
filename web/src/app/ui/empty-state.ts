import { Component, input } from "@angular/core";
import { Icon } from "#ui/icon/icon";
import type { IconName } from "#ui/icon/icons";

/** What belongs here and the one thing to do next; the action is projected. */
@Component({
  selector: "tg-empty-state",
  imports: [Icon],
  template: `<div class="state">
    <tg-icon class="muted" [name]="icon()" [size]="20" />
    <div class="stack-tight">
      <h2>{{ heading() }}</h2>
      <p class="muted">{{ text() }}</p>
    </div>
    <ng-content />
  </div>`,
})
export class EmptyState {
  readonly icon = input<IconName>("info");
  readonly heading = input.required<string>();
  readonly text = input("");
}
