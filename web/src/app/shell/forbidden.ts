import { Component } from "@angular/core";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { EmptyState } from "#ui/empty-state";

@Component({
  selector: "tg-forbidden",
  imports: [EmptyState, RouterLink, TranslocoDirective],
  template: `<section class="page" *transloco="let t">
    <h1 class="visually-hidden">{{ t("forbidden.title") }}</h1>
    <tg-empty-state icon="ban" [heading]="t('forbidden.title')" [text]="t('forbidden.text')">
      <a class="button primary" routerLink="/console">{{ t("notFound.back") }}</a>
    </tg-empty-state>
  </section>`,
})
export class Forbidden {}
