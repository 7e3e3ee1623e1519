import { AppError, type ApprovalOption, type ApprovalView } from '@baton/protocol';
import { createApi, type Api } from '@baton/client';
import type { Command } from 'commander';
import { toAllowing, toDenying, toOption } from '../ask/ask-policy.ts';
import type { Context, RunAction } from '../context.ts';
import { EXIT } from '../exit-code.ts';
import { toPlainLine } from '../render/plain-text.ts';
import { resolveId } from '../resolve-id.ts';
import type { ServerFlags } from '../server/find-server.ts';
import { addServerFlags } from '../server/server-flags.ts';

interface AnswerFlags extends ServerFlags {
  option?: string;
  note?: string;
}

const HELP = `
Without an id it answers the one that waits, and lists them when there are several.`;

export function addApprove(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('approve')
    .summary('allow what an agent asks for')
    .description('Allows what an agent asks for: once, unless another of its options is named.')
    .argument('[id]', 'id of the approval, or its beginning or end if no other has the same')
    .option('-o, --option <option>', "one of the agent's own options, by number, id, title or kind")
    .option('-n, --note <text>', 'word to the agent, where the option takes one')
    .addHelpText('after', `${HELP}\n\nExamples:\n  baton approve\n  baton approve 084sn02q --option allow-always`);
  addServerFlags(command).action((id: string | undefined, flags: AnswerFlags) =>
    run(() => answer(context, { id, flags, pick: toAllowing, verb: 'Allowed' })),
  );
}

export function addDeny(program: Command, context: Context, run: RunAction): void {
  const command = program
    .command('deny')
    .summary('deny what an agent asks for')
    .description('Denies what an agent asks for, with a note that tells it why.')
    .argument('[id]', 'id of the approval, or its beginning or end if no other has the same')
    .option('-n, --note <text>', 'why, and what to do instead')
    .addHelpText('after', `${HELP}\n\nExample:\n  baton deny --note "Use the staging database"`);
  addServerFlags(command).action((id: string | undefined, flags: AnswerFlags) =>
    run(() => answer(context, { id, flags, pick: toDenying, verb: 'Denied' })),
  );
}

interface Answering {
  id: string | undefined;
  flags: AnswerFlags;
  pick: (options: readonly ApprovalOption[]) => ApprovalOption | undefined;
  verb: string;
}

async function answer(context: Context, { id, flags, pick, verb }: Answering): Promise<number> {
  const { requireServer } = await import('../server/find-server.ts');
  const api = createApi(await requireServer(context, flags));
  const approval = await findApproval(api, id);
  const { options, title } = approval;
  const option = flags.option === undefined ? pick(options) : toOption(options, flags.option);
  if (option === undefined) throw toNoOption(approval, flags.option);
  const note = flags.note === undefined ? {} : { note: flags.note };
  await api.call('answerApproval', { params: { id: approval.id }, body: { option: option.id, ...note } });
  const { terminal } = context;
  const how = toPlainLine(option.title);
  terminal.out(`${flags.option === undefined ? verb : 'Answered'}: ${toPlainLine(title)}  (${how})\n`);
  if (flags.note !== undefined && option.takesNote === false)
    terminal.err('The agent does not take a note with this option.\n');
  return EXIT.done;
}

async function findApproval(api: Api, typed: string | undefined): Promise<ApprovalView> {
  const { items } = await api.call('listApprovals', { query: { state: 'pending', limit: 500 } });
  const list = items.map(({ id, title }) => `\n  ${id}  ${toPlainLine(title)}`).join('');
  if (typed !== undefined) return resolveId({ name: 'pending approval', listedBy: list || 'none' }, typed, items);
  const [only] = items;
  if (only === undefined) throw new AppError('not-found', 'Nothing waits for an answer');
  if (items.length === 1) return only;
  throw new AppError('invalid-input', `${items.length} approvals wait; name one of them:${list}`);
}

function toNoOption({ options }: ApprovalView, typed: string | undefined): AppError {
  const list = options
    .map(({ id, title, kind }, index) => `\n  ${index + 1}  ${toPlainLine(title)}  (${id}, ${kind})`)
    .join('');
  const what =
    typed === undefined ? 'The agent offers no such answer' : `The agent offers no option "${toPlainLine(typed)}"`;
  return new AppError('invalid-input', `${what}. It offers:${list}`);
}
