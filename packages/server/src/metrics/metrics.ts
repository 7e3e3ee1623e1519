import type { Exposition } from './exposition.ts';
import type { HttpObservation, MetricSources } from './metric-sources.ts';

export interface Metrics {
  observe(observation: HttpObservation): void;
  /** The Prometheus text format. */
  render(): Promise<{ contentType: string; text: string }>;
}

const MAX_WAITING = 1000;

/** The metrics library is loaded by the first scrape, or when enough observations wait for it: a start stays light. */
export function createMetrics(sources: MetricSources): Metrics {
  let waiting: HttpObservation[] = [];
  let exposition: Promise<Exposition> | undefined;
  let ready: Exposition | undefined;

  function load(): Promise<Exposition> {
    exposition ??= import('./exposition.ts').then(({ createExposition }) => {
      const created = createExposition(sources);
      for (const observation of waiting) created.observe(observation);
      waiting = [];
      ready = created;
      return created;
    });
    return exposition;
  }

  return {
    observe(observation) {
      if (ready !== undefined) return ready.observe(observation);
      waiting.push(observation);
      if (waiting.length === MAX_WAITING) void load();
    },
    render: async () => (await load()).render(),
  };
}
