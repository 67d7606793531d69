/** Why a model stopped, in the words of the canonical conversation. */
export type StopReason =
  | { readonly kind: "end" }
  | { readonly kind: "length" }
  | { readonly kind: "stop-sequence"; readonly sequence?: string }
  | { readonly kind: "tool-calls" }
  | { readonly kind: "content-filter" }
  | { readonly kind: "other"; readonly raw: string };
