import { formatUsd, nanoToQuotaUnits } from "@tollgate/kit/money/nano-usd";
import type { NanoUsd } from "@tollgate/kit/money/nano-usd";
import type { ReadOption } from "#usecases/options/read-option.ts";

const nanosPerMicro = 1000n;

/** "$0.200000" (nine digits where six are not exact), or "100000 points" where the operator shows quota units. For rows of the log. */
export function describeAmount(amountNanos: NanoUsd, options: Pick<ReadOption, "flag">): string {
  const digits = amountNanos % nanosPerMicro === 0n ? 6 : 9;
  return options.flag("DisplayInCurrencyEnabled")
    ? `$${formatUsd(amountNanos, digits)}`
    : `${nanoToQuotaUnits(amountNanos)} points`;
}
