import { Component, inject } from "@angular/core";
import { RouterLink } from "@angular/router";
import { TranslocoDirective } from "@jsverse/transloco";
import { Field } from "#ui/field/field";
import { ParameterPanel } from "../parameter-panel";
import { PlaygroundSession } from "../playground-session";

/** Model, key, system prompt and sampling parameters of the playground. */
@Component({
  selector: "tg-playground-settings",
  imports: [Field, ParameterPanel, RouterLink, TranslocoDirective],
  templateUrl: "./playground-settings.component.html",
})
export class PlaygroundSettings {
  protected readonly chat = inject(PlaygroundSession);
}
