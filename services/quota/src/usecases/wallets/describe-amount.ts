import { formatUsd, nanoToQuotaUnits } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { ReadOption } from "#usecases/options/read-option.ts";

/** "$0.200000", or "100000 points" where the operator shows quota units. For rows of the log. */
export function describeAmount(amountNanos: NanoUsd, options: Pick<ReadOption, "flag">): string {
  return options.flag("DisplayInCurrencyEnabled")
    ? `$${formatUsd(amountNanos, 6)}`
    : `${nanoToQuotaUnits(amountNanos)} points`;
}
