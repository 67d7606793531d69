import { Counter, Gauge, Registry } from "prom-client";

/** What a measurement is called and what it says. Names follow Prometheus: `tollgate_<what>_<unit>`, `_total` for counters. */
export interface MeasurementOptions<Label extends string> {
  readonly name: `tollgate_${string}`;
  readonly help: string;
  readonly labels?: readonly Label[];
}

/** A number that only grows while the process runs. */
export interface CounterMetric<Label extends string> {
  add(labels: Readonly<Record<Label, string>>, amount?: number): void;
}

/** A number of this moment. */
export interface GaugeMetric<Label extends string> {
  set(labels: Readonly<Record<Label, string>>, value: number): void;
}

/** The measurements of a process. */
export interface Metrics {
  /** Throws when the name is taken. */
  readonly counter: <Label extends string = never>(
    options: MeasurementOptions<Label>,
  ) => CounterMetric<Label>;
  readonly gauge: <Label extends string = never>(
    options: MeasurementOptions<Label>,
  ) => GaugeMetric<Label>;
  /** A gauge that costs nothing until somebody looks: `read` is called for every scrape. */
  readonly observe: (options: MeasurementOptions<never>, read: () => number) => void;
  /** All of them in Prometheus' text format. */
  readonly render: () => Promise<{ readonly contentType: string; readonly text: string }>;
  readonly registry: Registry;
}

/** Makes an empty set of measurements. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const common = <Label extends string>({
    name,
    help,
    labels = [],
  }: MeasurementOptions<Label>) => ({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
  });
  return {
    counter: (options) => {
      const counter = new Counter(common(options));
      return { add: (labels, amount = 1) => counter.inc(labels, amount) };
    },
    gauge: (options) => {
      const gauge = new Gauge(common(options));
      return { set: (labels, value) => gauge.set(labels, value) };
    },
    observe: (options, read) => {
      const gauge: Gauge = new Gauge({ ...common(options), collect: () => gauge.set(read()) });
    },
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
    registry,
  };
}
