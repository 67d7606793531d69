import {
  type ApplicationConfig,
  inject,
  isDevMode,
  provideAppInitializer,
  provideBrowserGlobalErrorListeners,
} from "@angular/core";
import { provideRouter, TitleStrategy, withComponentInputBinding } from "@angular/router";
import { provideTransloco, TRANSLOCO_LOADER, TranslocoService } from "@jsverse/transloco";
import { TranslationLoader } from "#core/i18n/translation-loader";
import { Preferences } from "#core/preferences/preferences";
import { ServerStatus } from "#core/session/server-status";
import { mayBeSignedIn, Session } from "#core/session/session";
import { routes } from "./app.routes";
import { PageTitle } from "./shell/page-title";

export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(routes, withComponentInputBinding()),
    { provide: TitleStrategy, useExisting: PageTitle },
    provideTransloco({
      config: {
        availableLangs: ["en", "zh-CN"],
        defaultLang: "en",
        reRenderOnLangChange: true,
        prodMode: !isDevMode(),
      },
    }),
    // The very one that the guards complete.
    { provide: TRANSLOCO_LOADER, useExisting: TranslationLoader },
    provideAppInitializer(start),
  ],
};

/** Fetches what the first page needs, side by side: words, the server's facts, the viewer. */
async function start(): Promise<void> {
  const language = inject(Preferences).language();
  const transloco = inject(TranslocoService);
  const status = inject(ServerStatus);
  const session = inject(Session);
  const loader = inject(TranslationLoader);
  transloco.setActiveLang(language);
  // Whoever signed in here before goes past the sign-in page: all words at once.
  if (mayBeSignedIn()) await loader.complete(transloco);
  const words = new Promise<void>((resolve, reject) => {
    transloco.load(language).subscribe({ complete: resolve, error: reject });
  });
  // A server that does not answer must not leave a blank page: the shell shows the fault.
  await Promise.all([words, Promise.allSettled([status.load(), session.resume()])]);
}
