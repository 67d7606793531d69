import type { ChannelType, ConfigField } from "#providers/channel-type.ts";

/** A row of a type with a dialect of its own, without what most of them share. */
type NativeTypeRow = Pick<ChannelType, "id" | "name" | "labelEn" | "labelZh" | "ownedBy"> &
  Partial<ChannelType>;

/** Fills such a row. Without a provider, channels of the type can be kept and edited, not called. */
export function nativeType(row: NativeTypeRow): ChannelType {
  return {
    baseUrl: "",
    requiresBaseUrl: false,
    keyFormat: "KEY",
    configFields: [],
    models: [],
    ...row,
  };
}

/** A setting that is no secret. */
export function configField(name: string, label: string, need?: "required"): ConfigField {
  return { name, label, required: need === "required", secret: false };
}
