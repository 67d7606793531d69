import { DialogRef } from "@angular/cdk/dialog";
import { Component, computed, inject } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Shortcuts } from "#core/shortcuts/shortcuts";

/** Lists the keys that work on the page below. */
@Component({
  selector: "tg-shortcut-sheet",
  imports: [TranslocoDirective],
  template: `<div class="dialog" *transloco="let t">
    <div class="head">
      <h2 id="shortcut-title">{{ t("shortcut.title") }}</h2>
    </div>
    <div class="body" tabindex="0" role="group" aria-labelledby="shortcut-title">
      <dl class="facts">
        @for (shortcut of entries(); track shortcut.keys) {
          <dt>
            @for (key of shortcut.keys.split(" "); track $index) {
              <kbd>{{ key === "mod+k" ? "Ctrl K" : key }}</kbd>
            }
          </dt>
          <dd>{{ t(shortcut.label) }}</dd>
        }
      </dl>
    </div>
    <div class="foot">
      <button type="button" class="button" (click)="dialog.close()">{{ t("action.close") }}</button>
    </div>
  </div>`,
})
export class ShortcutSheet {
  readonly #shortcuts = inject(Shortcuts);
  protected readonly dialog = inject(DialogRef);
  protected readonly entries = computed(() => {
    const seen = new Set<string>();
    return this.#shortcuts.active().filter((entry) => {
      const isNew = !seen.has(entry.keys);
      seen.add(entry.keys);
      return isNew;
    });
  });
}
