import { inject } from "@angular/core";
import type { CanActivateFn } from "@angular/router";
import { TranslocoService } from "@jsverse/transloco";
import { TranslationLoader } from "./translation-loader";

/** Every page but those before signing in waits for all words. */
export const allWords: CanActivateFn = async () => {
  await inject(TranslationLoader).complete(inject(TranslocoService));
  return true;
};
