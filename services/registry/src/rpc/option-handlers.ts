import type { ServiceImpl } from "@connectrpc/connect";
import type { OptionService } from "@tollgate/proto/registry/v1/option_service";
import type { changeOption, readAllOptions } from "#usecases/change-option.ts";

/** The use cases behind OptionService. */
export interface OptionUsecases {
  readonly readAllOptions: ReturnType<typeof readAllOptions>;
  readonly changeOption: ReturnType<typeof changeOption>;
}

/** OptionService. */
export function createOptionHandlers(usecases: OptionUsecases): ServiceImpl<typeof OptionService> {
  return {
    listOptions: async () => ({
      options: (await usecases.readAllOptions()).map(({ key, value }) => ({
        key,
        value,
        secret: false,
      })),
    }),
    setOption: async ({ key, value, actorId }) => {
      await usecases.changeOption({ key, value, actorId });
      return {};
    },
  };
}
