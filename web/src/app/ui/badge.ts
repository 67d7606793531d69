import { Component, input } from "@angular/core";
import { Icon } from "#ui/icon/icon";
import type { IconName } from "#ui/icon/icons";

export type Tone = "ok" | "warn" | "bad" | "info" | "neutral" | "outline";

/** A state as icon, word and colour, so that it also reads without the colour. */
@Component({
  selector: "tg-badge",
  imports: [Icon],
  template: `<span class="badge" [class]="tone()">
    @if (icon(); as name) {
      <tg-icon [name]="name" [size]="12" />
    }
    <span class="truncate"><ng-content /></span>
  </span>`,
  styles: `
    :host {
      display: inline-flex;
      max-width: 100%;
    }
  `,
})
export class Badge {
  readonly tone = input<Tone>("neutral");
  readonly icon = input<IconName | undefined>(undefined);
}
