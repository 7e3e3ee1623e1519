import { describe, expect, it } from 'vitest';
import { openLive } from '../../test/live-client.ts';
import { startTestServer } from '../../test/test-server.ts';

describe('GET /metrics', () => {
  it('tells the engine, the store, the sockets, the process and how long requests took, also those before it', async () => {
    const server = await startTestServer();
    await openLive(server.port);
    const body = { cwd: server.folder, backend: 'scripted' };
    await server.ask('/api/v1/sessions', { method: 'POST', body });
    await server.ask('/api/v1/sessions/ses_none');
    const answer = await server.ask('/api/v1/metrics');
    expect(answer.headers['content-type']).toContain('text/plain');
    for (const line of [
      /^baton_sockets 1$/m,
      /^baton_event_streams 0$/m,
      /^baton_live_agents 1$/m,
      /^baton_waiting_agents 0$/m,
      /^baton_events_appended [1-9]/m,
      /^baton_store_commits 3$/m,
      /^baton_store_bytes 8192$/m,
      /^baton_sessions 2$/m,
      /^baton_event_loop_delay_p99_seconds /m,
      /^baton_agent_processes \d/m,
      /^baton_disk_free_bytes [1-9]/m,
      /^nodejs_eventloop_lag_seconds /m,
      /^process_resident_memory_bytes /m,
      /^baton_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/sessions",status="201"\} 1$/m,
      /^baton_http_request_duration_seconds_count\{method="GET",route="\/api\/v1\/sessions\/:id",status="404"\} 1$/m,
    ]) {
      expect(answer.text).toMatch(line);
    }
    expect(answer.text).not.toContain('ses_none');
    expect((await server.ask('/api/v1/metrics')).text).toMatch(/route="\/api\/v1\/metrics",status="200"\} 1$/m);
  });
});
