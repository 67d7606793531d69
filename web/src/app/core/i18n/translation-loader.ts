import { Service } from "@angular/core";
import type { Translation, TranslocoLoader, TranslocoService } from "@jsverse/transloco";

/**
 * Loads only the language in use, as hashed chunks of this origin: the words of the pages before
 * signing in first, because most visits of those end there, and the rest once a page needs it.
 */
@Service()
export class TranslationLoader implements TranslocoLoader {
  #isRestWanted = false;

  async getTranslation(language: string): Promise<Translation> {
    const early = this.#isRestWanted ? loadRest(language) : undefined;
    const start = await loadStart(language);
    // Asked again: the rest may have come to be wanted meanwhile.
    return this.#isRestWanted ? { ...start, ...(await (early ?? loadRest(language))) } : start;
  }

  /** Adds the rest to the languages that came without it; those that come later come with it. */
  async complete(transloco: TranslocoService): Promise<void> {
    if (this.#isRestWanted) return;
    this.#isRestWanted = true;
    const incomplete = [...transloco.getTranslation().keys()];
    await Promise.all(
      incomplete.map(async (language) =>
        transloco.setTranslation(await loadRest(language), language),
      ),
    );
  }
}

async function loadStart(language: string): Promise<Translation> {
  const file =
    language === "zh-CN"
      ? await import("../../../i18n/start/zh-CN.json")
      : await import("../../../i18n/start/en.json");
  return file.default;
}

async function loadRest(language: string): Promise<Translation> {
  const file =
    language === "zh-CN"
      ? await import("../../../i18n/zh-CN.json")
      : await import("../../../i18n/en.json");
  return file.default;
}
