import { Component, inject, input, output } from "@angular/core";
import { MatMenu, MatMenuItem, MatMenuTrigger } from "@angular/material/menu";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { ROLE_ADMIN, ROLE_ROOT, Session } from "#core/session/session";
import { Icon } from "#ui/icon/icon";
import { USER_ENABLED, type User } from "../user";
import type { UserAction } from "../user-actions";

/** What can be done to one user from the row. */
@Component({
  selector: "tg-user-row-menu",
  imports: [Icon, MatMenu, MatMenuItem, MatMenuTrigger, RouterLink, TranslocoDirective],
  templateUrl: "./user-row-menu.component.html",
})
export class UserRowMenu {
  protected readonly session = inject(Session);
  protected readonly enabled = USER_ENABLED;
  protected readonly admin = ROLE_ADMIN;
  protected readonly root = ROLE_ROOT;
  readonly user = input.required<User>();
  readonly edit = output();
  readonly adjust = output();
  readonly act = output<UserAction>();
}
