import { Component, computed, input, model, signal } from "@angular/core";
import type { FormValueControl } from "@angular/forms/signals";
import { TranslocoDirective } from "@jsverse/transloco";
import { Icon } from "#ui/icon/icon";

const MOST_SUGGESTIONS = 8;
let nextId = 1;

/** A list of names: typed, pasted (comma, space or line separated) or picked from suggestions. */
@Component({
  selector: "tg-chip-input",
  imports: [Icon, TranslocoDirective],
  templateUrl: "./chip-input.component.html",
  styleUrl: "./chip-input.scss",
})
export class ChipInput implements FormValueControl<readonly string[]> {
  readonly value = model<readonly string[]>([]);
  readonly touched = model(false);
  readonly suggestions = input<readonly string[]>([]);
  readonly label = input.required<string>();
  readonly placeholder = input("");
  protected readonly listId = `chip-list-${nextId++}`;
  protected readonly text = signal("");
  protected readonly active = signal(0);
  protected readonly focused = signal(false);
  protected readonly matches = computed(() => {
    const text = this.text().trim().toLowerCase();
    const chosen = new Set(this.value());
    return this.suggestions()
      .filter((name) => !chosen.has(name) && name.toLowerCase().includes(text))
      .slice(0, MOST_SUGGESTIONS);
  });
  protected readonly open = computed(() => this.focused() && this.matches().length > 0);

  protected onInput(text: string): void {
    this.active.set(-1);
    if (/[\n,;]/.test(text)) this.add(text);
    else this.text.set(text);
  }

  protected onPaste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text") ?? "";
    if (!/[\s,;]/.test(text.trim())) return;
    event.preventDefault();
    this.add(text);
  }

  protected onKey(event: KeyboardEvent): void {
    const count = this.matches().length;
    if (event.key === "Enter") {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      this.add(this.matches()[this.active()] ?? this.text());
    } else if (event.key === "Backspace" && this.text() === "") {
      this.value.update((names) => names.slice(0, -1));
    } else if (event.key === "ArrowDown" && count > 0) {
      event.preventDefault();
      this.active.update((index) => (index + 1) % count);
    } else if (event.key === "ArrowUp" && count > 0) {
      event.preventDefault();
      this.active.update((index) => (index - 1 + count) % count);
    }
  }

  protected onBlur(): void {
    this.focused.set(false);
    this.touched.set(true);
    this.add(this.text());
  }

  protected add(text: string): void {
    const names = text.split(/[\s,;]+/).filter((name) => name !== "");
    if (names.length > 0) this.value.update((now) => [...new Set([...now, ...names])]);
    this.text.set("");
    this.active.set(-1);
  }

  protected remove(name: string): void {
    this.value.update((names) => names.filter((other) => other !== name));
  }
}
