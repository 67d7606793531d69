import { Component, computed, inject, signal } from "@angular/core";
import { TranslocoDirective } from "@jsverse/transloco";
import { AnswerFacts } from "#ui/answer/answer-facts";
import { Icon } from "#ui/icon/icon";
import { PlaygroundSession } from "../playground-session";
import { PlaygroundSettings } from "../playground-settings/playground-settings";
import { WirePanel } from "../wire-panel/wire-panel";

/** Try a model through the relay, with a key, as a customer would. */
@Component({
  selector: "tg-playground-page",
  imports: [AnswerFacts, Icon, PlaygroundSettings, TranslocoDirective, WirePanel],
  providers: [PlaygroundSession],
  templateUrl: "./playground-page.component.html",
  styleUrl: "./playground-page.scss",
})
export class PlaygroundPage {
  protected readonly chat = inject(PlaygroundSession);
  protected readonly text = signal("");
  protected readonly ready = computed(
    () => this.chat.apiKey() !== "" && this.chat.chosenModel() !== "" && !this.chat.busy(),
  );

  protected onKey(event: KeyboardEvent): void {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.send();
  }

  protected send(): void {
    const text = this.text().trim();
    if (text === "" || !this.ready()) return;
    this.text.set("");
    void this.chat.send(text);
  }
}
