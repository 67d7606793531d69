import { Component, computed, input } from "@angular/core";
import type { IconName } from "./icons";
import { START_ICONS } from "./start-icons";

const outlines = new Map<string, string>(Object.entries(START_ICONS));

/** Makes more icons known; before anything that shows them is drawn. */
export function addIcons(icons: Readonly<Record<string, string>>): void {
  for (const [name, outline] of Object.entries(icons)) outlines.set(name, outline);
}

/** A decorative icon; the words beside it, or the control's label, carry the meaning. */
@Component({
  selector: "tg-icon",
  template: `<svg
    class="icon"
    viewBox="0 0 24 24"
    aria-hidden="true"
    [class.spin]="spin()"
    [attr.width]="size()"
    [attr.height]="size()"
  >
    <path [attr.d]="outline()" />
  </svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
      vertical-align: -3px;
    }
    path {
      fill: none;
      stroke: currentColor;
      stroke-width: 1.75;
      stroke-linecap: round;
      stroke-linejoin: round;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  readonly size = input(16);
  readonly spin = input(false);
  protected readonly outline = computed(() => outlines.get(this.name()) ?? "");
}
