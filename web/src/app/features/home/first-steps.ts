import { Component, inject } from "@angular/core";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { ServerStatus } from "#core/session/server-status";
import { Icon } from "#ui/icon/icon";
import { Snippets } from "#ui/snippets/snippets";

/** Shown until the first call: the two things that lead to it. */
@Component({
  selector: "tg-first-steps",
  imports: [Icon, RouterLink, Snippets, TranslocoDirective],
  template: `<section class="card stack" *transloco="let t">
    <div class="row">
      <div class="grow stack-tight">
        <h2>{{ t("home.firstTitle") }}</h2>
        <p class="muted">{{ t("home.firstText") }}</p>
      </div>
      <a class="button" routerLink="/console/playground">
        <tg-icon name="playground" />{{ t("playground.title") }}
      </a>
      <a class="button primary" routerLink="/console/tokens" [queryParams]="{ id: 'new' }">
        <tg-icon name="key" />{{ t("tokens.create") }}
      </a>
    </div>
    <tg-snippets [origin]="status.relayOrigin()" apiKey="sk-…" model="gpt-4o-mini" />
  </section>`,
})
export class FirstSteps {
  protected readonly status = inject(ServerStatus);
}
