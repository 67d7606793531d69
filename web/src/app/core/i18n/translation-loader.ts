import type { Translation, TranslocoLoader } from "@jsverse/transloco";

/** Loads only the language in use, as a hashed chunk of this origin. */
export class TranslationLoader implements TranslocoLoader {
  async getTranslation(language: string): Promise<Translation> {
    const file =
      language === "zh-CN"
        ? await import("../../../i18n/zh-CN.json")
        : await import("../../../i18n/en.json");
    return file.default;
  }
}
