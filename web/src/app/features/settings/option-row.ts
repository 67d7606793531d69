import { Component, computed, input, output } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { type Option, faultOf, kindOf } from "./option";

/** One setting: its name as the server knows it, and the control that suits its value. */
@Component({
  selector: "tg-option-row",
  imports: [TranslocoDirective],
  template: `<div class="option" *transloco="let t" [class.tall]="kind() === 'json'">
    <label class="name" [for]="id()">
      {{ option().key }}
      @if (about(t("settings.about." + option().key)); as words) {
        <span class="small muted">{{ words }}</span>
      }
      @if (value() !== option().value) {
        <span class="small muted">{{ t("settings.changed") }}</span>
      }
    </label>
    <div class="control">
      @switch (kind()) {
        @case ("switch") {
          <input
            #flag
            type="checkbox"
            class="switch"
            [id]="id()"
            [checked]="value() === 'true'"
            (change)="edited.emit(flag.checked ? 'true' : 'false')"
          />
        }
        @case ("json") {
          <textarea
            #text
            class="textarea mono"
            [attr.rows]="value().length > 80 ? 10 : 3"
            spellcheck="false"
            [id]="id()"
            [value]="value()"
            [attr.aria-invalid]="fault() ? true : null"
            (input)="edited.emit(text.value)"
          ></textarea>
        }
        @default {
          <input
            #line
            class="input"
            autocomplete="off"
            [id]="id()"
            [type]="kind() === 'secret' ? 'password' : 'text'"
            [attr.inputmode]="kind() === 'number' ? 'decimal' : null"
            [attr.aria-invalid]="fault() ? true : null"
            [placeholder]="kind() === 'secret' ? t('settings.secret') : ''"
            [value]="value()"
            (input)="edited.emit(line.value)"
          />
        }
      }
      @if (fault(); as key) {
        <span class="bad small" role="alert">{{ t(key) }}</span>
      }
    </div>
  </div>`,
  styles: `
    :host {
      display: block;
    }
    :host:not(:last-child) {
      border-bottom: 1px solid var(--line);
    }
    .option {
      display: grid;
      grid-template-columns: minmax(0, 1fr) minmax(0, 320px);
      gap: 8px 24px;
      align-items: center;
      min-height: 52px;
      padding: 8px 0;
    }
    .name > span {
      font-weight: 400;
    }
    .tall {
      grid-template-columns: minmax(0, 1fr);
    }
    .name {
      display: flex;
      flex-direction: column;
      font-weight: 500;
      overflow-wrap: anywhere;
    }
    .control {
      display: flex;
      flex-direction: column;
      gap: 4px;
    }
    @media (max-width: 600px) {
      .option {
        grid-template-columns: minmax(0, 1fr);
      }
    }
  `,
})
export class OptionRow {
  readonly option = input.required<Option>();
  readonly value = input.required<string>();
  readonly edited = output<string>();
  protected readonly kind = computed(() => kindOf(this.option()));
  /** Not every setting has words of its own; the translation then is its key. */
  protected about(words: string): string {
    return words.startsWith("settings.about.") ? "" : words;
  }

  protected readonly id = computed(() => `option-${this.option().key}`);
  protected readonly fault = computed(() =>
    faultOf(this.kind(), this.value(), this.option().value),
  );
}
