import type { ServerStatus } from '@baton/protocol';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { HttpObservation, MetricSources } from './metric-sources.ts';

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
    baton_waiting_agents: engine.waitingAgents,
    baton_running_turns: engine.runningTurns,
    baton_subscriptions: engine.subscriptions,
    baton_events_appended: engine.eventsAppended,
    baton_deltas_sent: engine.deltasSent,
    baton_sockets: sources.sockets(),
    baton_event_streams: sources.streams(),
    ...Object.fromEntries(store),
    ...toGauges(await sources.status()),
  };
}

function toRunnerGauges(runner: ServerStatus['runner']): Record<string, number> {
  if (runner === undefined) return {};
  const all = [...(runner.current === undefined ? [] : [runner.current]), ...runner.earlier];
  return {
    baton_runner_ready: runner.state === 'ready' ? 1 : 0,
    baton_runners: all.length,
    baton_runners_agents: all.reduce((sum, { agents }) => sum + agents, 0),
    baton_runners_resident_bytes: all.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
  };
}

function toGauges({ sessions, agents, eventLoop, disk, store, ...status }: ServerStatus): Record<string, number> {
  const sum = (pick: (agent: (typeof agents)[number]) => number) => agents.reduce((all, agent) => all + pick(agent), 0);
  return {
    baton_sessions: sessions.total,
    baton_sessions_archived: sessions.archived,
    baton_sessions_running: sessions.running,
    baton_sessions_waiting: sessions.waiting,
    baton_queued_turns: status.queuedTurns,
    ...toRunnerGauges(status.runner),
    baton_agent_processes: sum(({ processes }) => processes),
    baton_agents_resident_bytes: sum(({ rssBytes }) => rssBytes),
    baton_agents_cpu_percent: sum(({ cpuPercent }) => cpuPercent ?? 0),
    baton_event_loop_delay_p50_seconds: eventLoop.p50Ms / 1000,
    baton_event_loop_delay_p99_seconds: eventLoop.p99Ms / 1000,
    baton_store_writable: store.writable ? 1 : 0,
    baton_uptime_seconds: status.uptimeMs / 1000,
    ...(disk === undefined ? {} : { baton_disk_free_bytes: disk.freeBytes, baton_disk_total_bytes: disk.totalBytes }),
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
