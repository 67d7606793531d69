import { Component, computed, inject } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { type Language, Preferences, type Theme } from "#core/preferences/preferences";
import { ChoiceMenu } from "./choice-menu";
import type { IconName } from "./icon/icons";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

const LANGUAGES: readonly { readonly value: Language; readonly label: string }[] = [
  { value: "en", label: "English" },
  { value: "zh-CN", label: "简体中文" },
];

/** Theme and language, in force at once. */
@Component({
  selector: "tg-appearance-menu",
  imports: [ChoiceMenu, TranslocoDirective],
  template: `<ng-container *transloco="let t">
    <tg-choice-menu
      icon="languages"
      [label]="t('appearance.language')"
      [choices]="languages"
      [value]="preferences.language()"
      (picked)="setLanguage($event)"
    />
    <tg-choice-menu
      [icon]="themeIcon()"
      [label]="t('appearance.theme')"
      [choices]="[
        { value: 'system', icon: 'monitor', label: t('appearance.system') },
        { value: 'light', icon: 'sun', label: t('appearance.light') },
        { value: 'dark', icon: 'moon', label: t('appearance.dark') },
      ]"
      [value]="preferences.theme()"
      (picked)="setTheme($event)"
    />
  </ng-container>`,
  styles: `
    :host {
      display: inline-flex;
    }
  `,
})
export class AppearanceMenu {
  protected readonly preferences = inject(Preferences);
  protected readonly languages = LANGUAGES.map((each) => ({ ...each, lang: each.value }));
  protected readonly themeIcon = computed<IconName>(() =>
    this.preferences.theme() === "dark" ? "moon" : "sun",
  );

  protected setLanguage(value: string): void {
    const language = LANGUAGES.find((each) => each.value === value);
    if (language) this.preferences.language.set(language.value);
  }

  protected setTheme(value: string): void {
    const theme = THEMES.find((each) => each === value);
    if (theme) this.preferences.theme.set(theme);
  }
}
