import { Component, inject } from "@angular/core";
import { Router, RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { ServerStatus } from "#core/session/server-status";
import { AppearanceMenu } from "#ui/appearance-menu";
import { addIcons, Icon } from "#ui/icon/icon";
import { ICONS } from "#ui/icon/icons";
import { nameOverlays } from "#ui/name-overlays";
import { AccountStep } from "../account-step/account-step";
import { ProviderStep } from "../provider-step/provider-step";
import { STEPS, SetupFlow, type Step } from "../setup-flow";
import { TryStep } from "../try-step/try-step";

addIcons(ICONS);

/** From a blank install to the first relayed call: account, provider, key. */
@Component({
  selector: "tg-setup-page",
  imports: [
    AccountStep,
    AppearanceMenu,
    Icon,
    ProviderStep,
    RouterLink,
    TranslocoDirective,
    TryStep,
  ],
  providers: [SetupFlow],
  templateUrl: "./setup-page.component.html",
  styleUrl: "./setup-page.scss",
})
export class SetupPage {
  protected readonly flow = inject(SetupFlow);
  protected readonly status = inject(ServerStatus);
  protected readonly steps = STEPS;

  constructor() {
    nameOverlays();
    const router = inject(Router);
    void this.flow.resume().then((needed) => (needed ? undefined : router.navigateByUrl("/")));
  }

  protected isDone(step: Step): boolean {
    return STEPS.indexOf(step) < STEPS.indexOf(this.flow.step());
  }
}
