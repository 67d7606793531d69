import { Component, computed, inject, input, output, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { saveFile } from "#core/files/save-file";
import { toCsv } from "#core/format/csv";
import { Locale } from "#core/i18n/locale";
import { Drawer } from "#ui/drawer/drawer";
import { Icon } from "#ui/icon/icon";
import { Toasts } from "#ui/toast/toasts";
import { csvName } from "./redemption";
import type { NewBatch } from "./redemption-editor/redemption-editor";

const QUIET_MS = 1_500;

/** Hands over the codes of a batch that was just made. */
@Component({
  selector: "tg-redemption-created",
  imports: [Drawer, Icon, TranslocoDirective],
  template: `<tg-drawer
    *transloco="let t"
    size="narrow"
    [heading]="t('redemptions.made', { count: batch().codes.length })"
    (closed)="closed.emit()"
  >
    <div class="stack">
      <p class="notice">
        <tg-icon name="info" />
        {{ t("redemptions.handover") }}
      </p>
      <pre class="code-block" tabindex="0" [attr.aria-label]="t('redemptions.codes')">{{
        text()
      }}</pre>
      <div class="row">
        <button type="button" class="button" (click)="copy()">
          <tg-icon [name]="copied() ? 'check' : 'copy'" />
          {{ t(copied() ? "copy.done" : "redemptions.copyAll") }}
        </button>
        <button type="button" class="button" (click)="download()">
          <tg-icon name="download" />{{ t("redemptions.export") }}
        </button>
      </div>
    </div>
    <footer>
      <button type="button" class="button primary" (click)="closed.emit()">
        {{ t("action.close") }}
      </button>
    </footer>
  </tg-drawer>`,
})
export class RedemptionCreated {
  readonly #toasts = inject(Toasts);
  readonly #locale = inject(Locale);
  readonly batch = input.required<NewBatch>();
  readonly closed = output();
  protected readonly copied = signal(false);
  protected readonly text = computed(() => this.batch().codes.join("\n"));

  protected async copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(this.text());
      // Said in place: a message would lie over the button that closes the drawer.
      this.copied.set(true);
      setTimeout(() => this.copied.set(false), QUIET_MS);
    } catch {
      // Browsers refuse the clipboard on insecure origins; say so instead of pretending.
      this.#toasts.error(this.#locale.translate("copy.failed"));
    }
  }

  protected download(): void {
    const { name, codes } = this.batch();
    const rows = codes.map((code) => [name, code]);
    saveFile(csvName(name), "text/csv;charset=utf-8", toCsv([["name", "code"], ...rows]));
  }
}
