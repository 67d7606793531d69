/** One API's price options: JSON objects from models to numbers. */
export interface Ratios {
  readonly model: Readonly<Record<string, number>>;
  readonly completion: Readonly<Record<string, number>>;
}

export const NO_RATIOS: Ratios = { model: {}, completion: {} };

/** An option as the server lists it. */
export interface PriceOption {
  readonly key: string;
  readonly value: string;
}

/** Small models by the words that their makers use for small. */
const SMALL = /nano|mini|flash|haiku|lite|small|turbo|8b|instant/i;

/** Reads the price options out of all options. */
export function readRatios(options: readonly PriceOption[]): Ratios {
  const read = (key: string): Readonly<Record<string, number>> =>
    readNumbers(options.find((option) => option.key === key)?.value ?? "{}");
  return { model: read("ModelRatio"), completion: read("CompletionRatio") };
}

/** The model that a test call costs least at; where none has a price, one whose name says that it is small. */
export function cheapestModel(models: readonly string[], ratios: Ratios): string {
  let best = "";
  let bestPrice = Infinity;
  for (const model of models) {
    const ratio = ratios.model[model];
    // A test asks little and is answered briefly: input and output count the same.
    const price = ratio === undefined ? Infinity : ratio * (1 + (ratios.completion[model] ?? 1));
    if (price < bestPrice) {
      best = model;
      bestPrice = price;
    }
  }
  return best || models.find((model) => SMALL.test(model)) || models[0] || "";
}

function readNumbers(text: string): Readonly<Record<string, number>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return {};
    const numbers = Object.entries(value).filter(([, each]) => typeof each === "number");
    return Object.fromEntries(numbers);
  } catch {
    // Without prices the names must do.
    return {};
  }
}
