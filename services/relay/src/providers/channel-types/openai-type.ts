import type { ChannelType, ConfigField } from "#providers/channel-type.ts";
import { createOpenAiProvider } from "#providers/openai/index.ts";
import type { OpenAiVendor } from "#providers/openai/index.ts";

/** A row of the OpenAI family, without what most of them share. */
export interface OpenAiTypeRow {
  readonly id: number;
  readonly name: string;
  /** English, Chinese. */
  readonly labels: readonly [string, string];
  readonly baseUrl?: string;
  readonly keyFormat?: string;
  readonly configFields?: readonly ConfigField[];
  readonly models: readonly string[];
  readonly ownedBy?: string;
  readonly vendor?: OpenAiVendor;
}

/** Fills a row of the OpenAI family. */
export function openAiType(row: OpenAiTypeRow): ChannelType {
  return {
    id: row.id,
    name: row.name,
    labelEn: row.labels[0],
    labelZh: row.labels[1],
    provider: createOpenAiProvider(row.vendor),
    baseUrl: row.baseUrl ?? "",
    requiresBaseUrl: row.baseUrl === undefined,
    keyFormat: row.keyFormat ?? "KEY",
    configFields: row.configFields ?? [],
    models: row.models,
    ownedBy: row.ownedBy ?? "openai",
  };
}
