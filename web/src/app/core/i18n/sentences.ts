import { Service, inject } from "@angular/core";
import { Locale } from "./locale";
import { translateServerSentence } from "./server-sentence";

/** What the server wrote into rows, in the language in use; apart from `Locale`, because the sign-in page has no rows. */
@Service()
export class Sentences {
  readonly #locale = inject(Locale);

  word(text: string): string {
    // Read to be called again when the language changes.
    this.#locale.revision();
    return translateServerSentence(text, (key, params) => this.#locale.translate(key, params));
  }
}
