import type { ServerStatus } from '@baton/protocol';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HttpObservation, MetricSources } from './metrics.ts';

export interface Exposition {
  observe(observation: HttpObservation): void;
  render(): Promise<{ contentType: string; text: string }>;
}

/** A registry of its own, so that two servers in one process do not count together. */
export function createExposition(sources: MetricSources): Exposition {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: 'baton_http_request_duration_seconds',
    help: 'Time from request to answer, by route',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5],
    registers: [registry],
  });
  const gauges = createGauges(registry);
  return {
    observe({ method, route, status, seconds }) {
      durations.observe({ method, route, status: String(status) }, seconds);
    },
    async render() {
      for (const [name, value] of Object.entries(await readSources(sources))) gauges(name).set(value);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

async function readSources(sources: MetricSources): Promise<Record<string, number>> {
  const engine = sources.engine();
  const store = Object.entries(sources.store()).map(
    ([name, value]) => [`baton_store_${toSnake(name)}`, value] as const,
  );
  return {
    baton_live_agents: engine.liveAgents,
    baton_running_turns: engine.runningTurns,
    baton_subscriptions: engine.subscriptions,
    baton_events_appended: engine.eventsAppended,
    baton_deltas_sent: engine.deltasSent,
    baton_sockets: sources.sockets(),
    baton_event_streams: sources.streams(),
    ...Object.fromEntries(store),
  };
}

function createGauges(registry: Registry): (name: string) => Gauge {
  const known = new Map<string, Gauge>();
  return (name) => {
    const gauge = known.get(name) ?? new Gauge({ name, help: toHelp(name), registers: [registry] });
    known.set(name, gauge);
    return gauge;
  };
}

function toHelp(name: string): string {
  return name.replace(/^baton_/, '').replaceAll('_', ' ');
}

function toSnake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
