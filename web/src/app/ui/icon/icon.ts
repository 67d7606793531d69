import { Component, computed, input } from "@angular/core";
import { LucideDynamicIcon } from "@lucide/angular";
import { ICONS, type IconName } from "./icons";

/** A decorative icon; the words beside it, or the control's label, carry the meaning. */
@Component({
  selector: "tg-icon",
  imports: [LucideDynamicIcon],
  template: `<svg
    class="icon"
    aria-hidden="true"
    [class.spin]="spin()"
    [lucideIcon]="data()"
    [size]="size()"
    [strokeWidth]="1.75"
  ></svg>`,
  styles: `
    :host {
      display: inline-flex;
      flex: none;
    }
  `,
})
export class Icon {
  readonly name = input.required<IconName>();
  readonly size = input(16);
  readonly spin = input(false);
  protected readonly data = computed(() => ICONS[this.name()]);
}
