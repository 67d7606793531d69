import { fakeFaults } from "./fake-faults.ts";

/** Options in memory, with the handlers that quota and registry have alike. */
export interface FakeOptions {
  readonly values: Map<string, string>;
  /** While true, every call fails as if the service were away. */
  isAway: boolean;
  readonly service: {
    listOptions(): { options: { key: string; value: string; secret: boolean }[] };
    setOption(change: { readonly key: string; readonly value: string }): Record<string, never>;
  };
}

/** Makes options; a numeric one takes numbers only. */
export function createFakeOptions(initial: Readonly<Record<string, string>>): FakeOptions {
  const values = new Map(Object.entries(initial));
  const fake: FakeOptions = {
    values,
    isAway: false,
    service: {
      listOptions() {
        assertThere(fake);
        return {
          options: [...values].map(([key, value]) => ({
            key,
            value,
            secret: key.endsWith("Secret"),
          })),
        };
      },
      setOption({ key, value }) {
        assertThere(fake);
        const present = values.get(key);
        if (present === undefined) {
          throw fakeFaults.fault("OPTION_UNKNOWN");
        }
        if (/^\d+$/u.test(present) && !/^\d+$/u.test(value)) {
          throw fakeFaults.fault("OPTION_INVALID");
        }
        values.set(key, value);
        return {};
      },
    },
  };
  return fake;
}

function assertThere({ isAway }: FakeOptions): void {
  if (isAway) {
    throw fakeFaults.fault("SERVICE_AWAY");
  }
}
