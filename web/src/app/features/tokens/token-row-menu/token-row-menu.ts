import { Component, input, output } from "@angular/core";
import { MatMenu, MatMenuItem, MatMenuTrigger } from "@angular/material/menu";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Icon } from "#ui/icon/icon";
import { TOKEN_ENABLED, type Token } from "../token";

/** What can be done to one key from its row. */
@Component({
  selector: "tg-token-row-menu",
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink, TranslocoDirective],
  templateUrl: "./token-row-menu.component.html",
})
export class TokenRowMenu {
  protected readonly enabled = TOKEN_ENABLED;
  readonly token = input.required<Token>();
  readonly edit = output();
  readonly use = output();
  /** True to switch the key on. */
  readonly toggle = output<boolean>();
  readonly remove = output();
}
