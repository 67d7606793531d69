/** Providers with a dialect of their own, one line for each folder: the row of its channel type. */
export { anthropicType } from "#providers/anthropic/channel-type.ts";
export { demoType } from "#providers/demo/channel-type.ts";
