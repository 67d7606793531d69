import { Component, computed, input, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Copyable } from "#ui/copyable";
import { SNIPPETS, SNIPPET_NAMES, type SnippetName } from "./snippet-texts";

/** Ready-to-run calls with the caller's own address, key and model filled in. */
@Component({
  selector: "tg-snippets",
  imports: [Copyable, TranslocoDirective],
  template: `<div class="stack-tight" *transloco="let t">
    <div class="segments" role="group" [attr.aria-label]="t('snippets.label')">
      @for (name of names; track name) {
        <button type="button" [attr.aria-pressed]="name === chosen()" (click)="chosen.set(name)">
          {{ labels[name] }}
        </button>
      }
    </div>
    <div
      class="code-block"
      tabindex="0"
      role="region"
      [attr.aria-label]="labels[chosen()]"
      [textContent]="text()"
    ></div>
    <div>
      <tg-copyable
        [value]="text()"
        [text]="t('snippets.copy')"
        [hint]="t('snippets.copy')"
        [label]="labels[chosen()]"
      />
    </div>
  </div>`,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }
    .segments {
      max-width: 100%;
      overflow-x: auto;
      align-self: flex-start;
    }
  `,
})
export class Snippets {
  readonly origin = input.required<string>();
  readonly apiKey = input.required<string>();
  readonly model = input.required<string>();
  protected readonly names = SNIPPET_NAMES;
  protected readonly labels: Readonly<Record<SnippetName, string>> = {
    curl: "curl",
    python: "Python",
    node: "Node",
    anthropic: "Anthropic SDK",
    claudeCode: "Claude Code",
  };
  protected readonly chosen = signal<SnippetName>("curl");
  protected readonly text = computed(() =>
    SNIPPETS[this.chosen()]({
      origin: this.origin(),
      apiKey: this.apiKey(),
      model: this.model(),
    }),
  );
}
