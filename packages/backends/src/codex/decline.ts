import type { AppServer } from './app-server.ts';
import type { RequestId, ServerRequest } from './wire.ts';

/** Says no to what nobody can be asked, and returns what to tell of it. */
export function decline(server: AppServer | undefined, requestId: RequestId, request: ServerRequest): string {
  const isForm = request.method === 'mcpServer/elicitation/request';
  const sent = isForm
    ? server?.reply(requestId, { action: 'decline', content: null, _meta: null })
    : server?.refuse(requestId, 'Nobody can be asked this');
  sent?.catch(() => {});
  return isForm
    ? `The MCP server "${request.params.serverName}" asked for what Baton cannot show; it was declined.`
    : `Codex asked for "${request.method}", which Baton declined.`;
}
