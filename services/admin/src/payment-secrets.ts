import { z } from "zod";

/** The secrets that payment providers sign their events with, by the provider's name. */
export type PaymentSecrets = ReadonlyMap<string, string>;

const shape = 'must be "provider=secret" pairs separated by commas, or a JSON object of them';
const jsonShape = z.record(z.string(), z.string());
const providerName = /^[a-z0-9-]{1,32}$/u;

/**
 * `{"acme": "secret"}` or `acme=secret,other=secret`. A provider without a secret stops the start: whoever can leave the secret out
 * could otherwise sign as the provider. Violations never show a secret.
 */
export function paymentSecretsField(): z.ZodType<PaymentSecrets, string | undefined> {
  return z
    .string()
    .default("")
    .transform((text, context): PaymentSecrets => {
      const pairs = text.trim() === "" ? [] : readPairs(text);
      if (pairs === undefined) {
        context.addIssue(shape);
        return z.NEVER;
      }
      const complaint = findComplaint(pairs);
      if (complaint !== undefined) {
        context.addIssue(complaint);
        return z.NEVER;
      }
      return new Map(pairs);
    })
    .meta({ unit: "list of provider=secret" });
}

type Pairs = readonly (readonly [string, string])[];

function readPairs(text: string): Pairs | undefined {
  if (!text.trimStart().startsWith("{")) {
    return readList(text);
  }
  try {
    const parsed = jsonShape.safeParse(JSON.parse(text));
    return parsed.success ? Object.entries(parsed.data) : undefined;
  } catch {
    // Not JSON: the caller turns this into a sentence that holds no secret.
    return undefined;
  }
}

function readList(text: string): Pairs | undefined {
  const pairs = text.split(",").map((part) => {
    const [provider = "", ...secret] = part.split("=");
    // A secret may hold "=" itself, as base64 does.
    return secret.length === 0 ? undefined : ([provider.trim(), secret.join("=").trim()] as const);
  });
  const complete = pairs.filter((pair) => pair !== undefined);
  return complete.length === pairs.length ? complete : undefined;
}

function findComplaint(pairs: Pairs): string | undefined {
  if (pairs.some(([provider]) => !providerName.test(provider))) {
    return "names a provider with something else than small letters, digits and -";
  }
  const blank = pairs.find(([, secret]) => secret.trim() === "");
  if (blank !== undefined) {
    return `has no secret for ${blank[0]}`;
  }
  const names = new Set(pairs.map(([provider]) => provider));
  return names.size === pairs.length ? undefined : "names a provider twice";
}
