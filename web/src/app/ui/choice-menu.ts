import {
  Component,
  ElementRef,
  Injector,
  afterNextRender,
  inject,
  input,
  output,
  signal,
} from "@angular/core";
import { Icon } from "./icon/icon";
import type { IconName } from "./icon/icons";

export interface MenuChoice {
  readonly value: string;
  /** Translated, or the name of a language in that language. */
  readonly label: string;
  readonly icon?: IconName;
  readonly lang?: string;
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1 };

/** An icon button with a short list to pick one from. Small, because the sign-in page carries it. */
@Component({
  selector: "tg-choice-menu",
  imports: [Icon],
  template: `<button
      type="button"
      class="button quiet icon-only"
      aria-haspopup="menu"
      [attr.aria-label]="label()"
      [attr.aria-expanded]="isOpen()"
      (click)="isOpen() ? close() : open()"
      (keydown.arrowdown)="open(); $event.preventDefault()"
    >
      <tg-icon [name]="icon()" />
    </button>
    @if (isOpen()) {
      <div class="choices" role="menu" [attr.aria-label]="label()" (keydown)="onKey($event)">
        @for (choice of choices(); track choice.value) {
          <button
            type="button"
            role="menuitemradio"
            tabindex="-1"
            [attr.lang]="choice.lang"
            [attr.aria-checked]="choice.value === value()"
            (pointerdown)="$event.preventDefault()"
            (click)="pick(choice)"
          >
            @if (choice.icon) {
              <tg-icon [name]="choice.icon" />
            }
            <span class="grow">{{ choice.label }}</span>
            @if (choice.value === value()) {
              <tg-icon name="check" [size]="14" />
            }
          </button>
        }
      </div>
    }`,
  host: { "(focusout)": "onFocusOut($event)" },
  styleUrl: "./choice-menu.scss",
})
export class ChoiceMenu {
  readonly #host = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  readonly #injector = inject(Injector);
  /** Translated. */
  readonly label = input.required<string>();
  readonly icon = input.required<IconName>();
  readonly choices = input.required<readonly MenuChoice[]>();
  readonly value = input.required<string>();
  readonly picked = output<string>();
  protected readonly isOpen = signal(false);

  protected open(): void {
    this.isOpen.set(true);
    const focusFirst = (): void => {
      const items = this.#items();
      (items.find((item) => item.ariaChecked === "true") ?? items[0])?.focus();
    };
    afterNextRender(focusFirst, { injector: this.#injector });
  }

  protected close(): void {
    this.isOpen.set(false);
    this.#host.querySelector("button")?.focus();
  }

  protected pick(choice: MenuChoice): void {
    this.picked.emit(choice.value);
    this.close();
  }

  protected onKey(event: KeyboardEvent): void {
    if (event.key === "Escape") {
      event.stopPropagation();
      this.close();
      return;
    }
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const items = this.#items();
    const at = items.findIndex((item) => item === document.activeElement);
    items[(at + step + items.length) % items.length]?.focus();
  }

  protected onFocusOut(event: FocusEvent): void {
    const next = event.relatedTarget;
    if (!(next instanceof Node && this.#host.contains(next))) this.isOpen.set(false);
  }

  #items(): readonly HTMLElement[] {
    return [...this.#host.querySelectorAll<HTMLElement>("[role=menuitemradio]")];
  }
}
