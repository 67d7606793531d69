import { OverlayContainer } from "@angular/cdk/overlay";
import { Component, inject } from "@angular/core";
import { MatMenu, MatMenuItem, MatMenuTrigger } from "@angular/material/menu";
import { TranslocoDirective } from "@jsverse/transloco";
import { Locale } from "#core/i18n/locale";
import { type Language, Preferences, type Theme } from "#core/preferences/preferences";
import { Icon } from "#ui/icon/icon";
import type { IconName } from "#ui/icon/icons";

const THEMES: readonly { readonly value: Theme; readonly icon: IconName }[] = [
  { value: "system", icon: "monitor" },
  { value: "light", icon: "sun" },
  { value: "dark", icon: "moon" },
];

const LANGUAGES: readonly { readonly value: Language; readonly name: string }[] = [
  { value: "en", name: "English" },
  { value: "zh-CN", name: "简体中文" },
];

/** Theme and language, in force at once. */
@Component({
  selector: "tg-appearance-menu",
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger, TranslocoDirective],
  template: `<ng-container *transloco="let t">
    <button
      type="button"
      class="button quiet icon-only"
      [attr.aria-label]="t('appearance.language')"
      [matMenuTriggerFor]="languageMenu"
    >
      <tg-icon name="languages" />
    </button>
    <button
      type="button"
      class="button quiet icon-only"
      [attr.aria-label]="t('appearance.theme')"
      [matMenuTriggerFor]="themeMenu"
    >
      <tg-icon [name]="preferences.theme() === 'dark' ? 'moon' : 'sun'" />
    </button>
    <mat-menu #languageMenu="matMenu" xPosition="before">
      @for (language of languages; track language.value) {
        <button
          mat-menu-item
          type="button"
          role="menuitemradio"
          [attr.lang]="language.value"
          [attr.aria-checked]="preferences.language() === language.value"
          (click)="preferences.language.set(language.value)"
        >
          <span class="grow">{{ language.name }}</span>
          @if (preferences.language() === language.value) {
            <tg-icon name="check" [size]="14" />
          }
        </button>
      }
    </mat-menu>
    <mat-menu #themeMenu="matMenu" xPosition="before">
      @for (theme of themes; track theme.value) {
        <button
          mat-menu-item
          type="button"
          role="menuitemradio"
          [attr.aria-checked]="preferences.theme() === theme.value"
          (click)="preferences.theme.set(theme.value)"
        >
          <tg-icon [name]="theme.icon" />
          <span class="grow">{{ t("appearance." + theme.value) }}</span>
          @if (preferences.theme() === theme.value) {
            <tg-icon name="check" [size]="14" />
          }
        </button>
      }
    </mat-menu>
  </ng-container>`,
  styles: `
    :host {
      display: inline-flex;
    }
  `,
})
export class AppearanceMenu {
  protected readonly preferences = inject(Preferences);
  protected readonly themes = THEMES;
  protected readonly languages = LANGUAGES;

  constructor() {
    // Menus and tips are drawn outside the page's landmarks; the place they share is one itself.
    const overlays = inject(OverlayContainer).getContainerElement();
    const name = inject(Locale).translate("nav.overlays");
    overlays.setAttribute("role", "region");
    overlays.setAttribute("aria-label", name);
  }
}
