// The conversations that the fixture agent keeps, told as well or as badly as `how` says. `KEPT_IN` is the folder they were in,
// `KEPT_AS` what their ids begin with, `KEPT_LOG` a file for what the agent was asked, with its process.
import { appendFileSync } from 'node:fs';

const PAGE = 2;

export function noteCall(method) {
  const file = process.env['KEPT_LOG'];
  if (file !== undefined) appendFileSync(file, `${process.pid} ${method}\n`);
}

const refuse = (message, code = -32603) => {
  throw Object.assign(new Error(message), { code });
};

export function createKept(how, { tell, send }) {
  const folder = process.env['KEPT_IN'] ?? process.cwd();
  const name = process.env['KEPT_AS'] ?? 'kept-conversation';
  const kept = [
    { sessionId: `${name}-number-3`, cwd: folder, title: 'The third', updatedAt: '2026-03-03T03:03:03Z' },
    { sessionId: `${name}-number-2`, cwd: folder, title: 'The second', updatedAt: '2026-02-02T02:02:02Z' },
    { sessionId: `${name}-number-1`, cwd: folder },
  ];

  const lists = {
    'list-never-ends': ({ cursor = '0' }) => ({
      sessions: [{ sessionId: `endless-${cursor}`, cwd: folder }],
      nextCursor: String(Number(cursor) + 1),
    }),
    'list-in-a-circle': ({ cursor }) => ({
      sessions: [{ sessionId: `circle-${cursor ?? 'first'}`, cwd: folder }],
      nextCursor: 'again',
    }),
    'list-thousands': ({ cursor = '0' }) => {
      const at = Number(cursor);
      const sessions = Array.from({ length: 1000 }, (_, index) => ({
        sessionId: `one-of-thousands-${at + index}`,
        cwd: folder,
        title: `Number ${at + index}`,
        updatedAt: new Date(Date.UTC(2026, 0, 1) - (at + index) * 1000).toISOString(),
      }));
      return { sessions, nextCursor: at + 1000 < 8000 ? String(at + 1000) : null };
    },
    'list-odd': () => ({
      sessions: [
        { sessionId: 'odd-relative', cwd: 'some/where', title: 'In a folder beside' },
        { sessionId: 'odd-without', title: 'In no folder' },
        { cwd: folder, title: 'Without an id' },
        'no object',
        null,
        {
          sessionId: 'odd-title',
          cwd: folder,
          title: '\u001b[31mRed\u0000\n\u202eright to left',
          updatedAt: 'yesterday',
        },
        { sessionId: 'odd-long', cwd: folder, title: 'long '.repeat(10_000), updatedAt: '9999-01-01T00:00:00Z' },
        { sessionId: 'odd-title', cwd: folder, title: 'The same again' },
      ],
      nextCursor: 7,
    }),
    'list-own-folder': ({ cwd = process.cwd() }) => ({ sessions: kept.filter((each) => each.cwd === cwd) }),
    'list-refused': () => refuse('the list is locked'),
    'list-unknown': () => refuse('no session/list', -32601),
    'list-breaks-off': ({ cursor }) =>
      cursor === undefined ? { sessions: kept, nextCursor: 'x' } : refuse('disk error'),
    'list-nonsense': () => ({ conversations: 'many' }),
    'list-hangs': () => new Promise(() => {}),
    'list-dies': () => {
      console.error('the store is damaged');
      process.exit(9);
    },
    'list-floods': () =>
      new Promise(() => {
        const more = () => {
          while (
            process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', method: 'x/y', params: 'z'.repeat(100_000) })}\n`)
          );
          process.stdout.once('drain', more);
        };
        more();
      }),
  };
  const inPages = ({ cursor = '0' }) => {
    const at = Number(cursor);
    const next = at + PAGE < kept.length ? { nextCursor: String(at + PAGE) } : {};
    return { sessions: kept.slice(at, at + PAGE), ...next };
  };

  async function load({ sessionId }) {
    if (how === 'load-refused') refuse('the conversation is damaged');
    if (how === 'load-hangs') return new Promise(() => {});
    if (!kept.some((each) => each.sessionId === sessionId)) refuse(`Resource not found: ${sessionId}`, -32002);
    const say = (sessionUpdate, text, messageId) =>
      tell(sessionId, {
        sessionUpdate,
        content: { type: 'text', text },
        ...(messageId === undefined ? {} : { messageId }),
      });
    const repeat = () => {
      if (how === 'load-empty') return;
      say('user_message_chunk', 'Look at ', 'u1');
      say('user_message_chunk', 'the tests', 'u1');
      say('agent_thought_chunk', 'Which tests?');
      tell(sessionId, {
        sessionUpdate: 'tool_call',
        toolCallId: 'c1',
        title: 'npm test',
        kind: 'execute',
        status: 'pending',
        rawInput: { command: 'npm test' },
      });
      tell(sessionId, {
        sessionUpdate: 'tool_call_update',
        toolCallId: 'c1',
        status: 'completed',
        content: [{ type: 'content', content: { type: 'text', text: 'all green' } }],
      });
      say('agent_message_chunk', 'They are ');
      say('agent_message_chunk', 'all green.');
      say('user_message_chunk', 'And the ');
      say('user_message_chunk', 'lint?');
      say('user_message_chunk', '<system-reminder>\nIt is ');
      say('user_message_chunk', 'late.\n</system-reminder>');
      tell(sessionId, {
        sessionUpdate: 'plan',
        entries: [{ content: 'Run the lint', priority: 'high', status: 'completed' }],
      });
      say('agent_message_chunk', `Clean in ${sessionId}.`);
      tell(sessionId, { sessionUpdate: 'available_commands_update', availableCommands: [] });
    };
    if (how === 'load-late') setTimeout(repeat, 20);
    else repeat();
    if (how === 'load-asks')
      send({
        id: 'asks',
        method: 'session/request_permission',
        params: { sessionId, toolCall: { toolCallId: 'c9' }, options: [] },
      });
    return undefined;
  }

  return { list: lists[how] ?? inPages, load, keeps: how === 'keeps' || how in lists || how.startsWith('load-') };
}
