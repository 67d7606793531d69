import { Component, computed, inject, resource, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { Api } from "#core/api/api";
import { toFault } from "#core/api/fault";
import { Locale } from "#core/i18n/locale";
import { ServerStatus } from "#core/session/server-status";
import { FaultNotice } from "#ui/fault-notice";
import { Icon } from "#ui/icon/icon";
import { Toasts } from "#ui/toast/toasts";
import { type Option, SECTIONS, faultOf, kindOf, sectionOf } from "../option";
import { OptionRow } from "../option-row";

/** Every option of the server by section, with search; changes are saved together. */
@Component({
  selector: "tg-settings-page",
  imports: [FaultNotice, Icon, OptionRow, TranslocoDirective],
  templateUrl: "./settings-page.component.html",
  styleUrl: "./settings-page.scss",
})
export class SettingsPage {
  readonly #api = inject(Api);
  readonly #toasts = inject(Toasts);
  readonly #locale = inject(Locale);
  readonly #status = inject(ServerStatus);
  protected readonly text = signal("");
  protected readonly section = signal(SECTIONS.at(-1)?.label ?? "");
  protected readonly saving = signal(false);
  protected readonly changes = signal<Readonly<Record<string, string>>>({});
  protected readonly options = resource({
    loader: ({ abortSignal }) => this.#api.get<readonly Option[]>("/api/option/", {}, abortSignal),
  });
  protected readonly fault = computed(() =>
    this.options.error() ? toFault(this.options.error()) : undefined,
  );
  readonly #all = computed(() => (this.options.hasValue() ? this.options.value() : []));
  protected readonly sections = computed(() =>
    [...SECTIONS]
      .sort((a, b) => Number(b.test.source === ".") - Number(a.test.source === "."))
      .map(({ label }) => {
        const keys = this.#all().filter((option) => sectionOf(option.key) === label);
        return { label, changed: keys.some((option) => option.key in this.changes()) };
      }),
  );
  protected readonly shown = computed(() => {
    const text = this.text().trim().toLowerCase();
    return this.#all()
      .filter((option) =>
        text === ""
          ? sectionOf(option.key) === this.section()
          : option.key.toLowerCase().includes(text) || option.value.toLowerCase().includes(text),
      )
      .toSorted((a, b) => a.key.localeCompare(b.key));
  });
  protected readonly changedKeys = computed(() => Object.keys(this.changes()));
  protected readonly broken = computed(() =>
    this.#all().filter((option) => {
      const value = this.changes()[option.key];
      return value !== undefined && faultOf(kindOf(option), value, option.value);
    }),
  );

  protected edit(option: Option, value: string): void {
    this.changes.update(({ [option.key]: _before, ...rest }) =>
      value === option.value ? rest : { ...rest, [option.key]: value },
    );
  }

  protected async save(): Promise<void> {
    if (this.broken().length > 0) return;
    this.saving.set(true);
    try {
      for (const [key, value] of Object.entries(this.changes())) {
        await this.#api.put("/api/option/", { key, value });
        this.changes.update(({ [key]: _saved, ...rest }) => rest);
      }
      this.#toasts.done(this.#locale.translate("settings.saved"));
      await this.#status.load();
    } catch (error) {
      this.#toasts.fault(error);
    } finally {
      this.saving.set(false);
      this.options.reload();
    }
  }
}
