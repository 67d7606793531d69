import type { ServiceImpl } from "@connectrpc/connect";
import type { OptionService } from "@tollgate/proto/quota/v1/option_service";
import type { ReadOption } from "#usecases/options/read-option.ts";
import type { SetOption } from "#usecases/options/set-option.ts";
import { numberFromWire } from "./wire-number.ts";

/** The use cases behind `OptionService`. */
export interface OptionUseCases {
  readonly options: Pick<ReadOption, "all">;
  readonly setOption: SetOption;
}

/** `OptionService`, one function per RPC. None of quota's options is a secret. */
export function createOptionHandlers({
  options,
  setOption,
}: OptionUseCases): ServiceImpl<typeof OptionService> {
  return {
    listOptions: () => ({
      options: Object.entries(options.all())
        .map(([key, value]) => ({ key, value, secret: false }))
        .sort((left, right) => (left.key < right.key ? -1 : 1)),
    }),
    setOption: async ({ key, value, actorId }) => {
      await setOption({ key, value, actorId: numberFromWire(actorId) });
      return {};
    },
  };
}
