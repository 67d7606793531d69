import { Component } from "@angular/core";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { EmptyState } from "#ui/empty-state";

@Component({
  selector: "tg-not-found",
  imports: [EmptyState, RouterLink, TranslocoDirective],
  template: `<section class="page" *transloco="let t">
    <h1 class="visually-hidden">{{ t("notFound.title") }}</h1>
    <tg-empty-state icon="search" [heading]="t('notFound.title')" [text]="t('notFound.text')">
      <a class="button primary" routerLink="/console">{{ t("notFound.back") }}</a>
    </tg-empty-state>
  </section>`,
})
export class NotFound {}
