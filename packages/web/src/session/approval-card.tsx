import type { ApprovalOption, ApprovalView, Risk, SessionView } from '@baton/protocol';
import { Check, Diamond, Scale, TriangleAlert } from 'lucide-react';
import { Suspense, useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { lazyPart } from '../live/lazy-part.ts';
import { useSessionView } from '../live/baton-provider.tsx';
import { useAgentTitle } from '../sessions/agent-badge.tsx';
import { Badge, type Tone } from '../ui/badge.tsx';
import { Button } from '../ui/button.tsx';
import { ComingDialog } from '../ui/coming-dialog.tsx';
import { createKeptTexts } from '../ui/kept-texts.ts';
import { ActionBody } from './ask/action-body.tsx';
import { toAskWords } from './ask/ask-words.ts';
import { AskFrame } from './ask/ask-frame.tsx';
import { OptionButtons } from './ask/option-buttons.tsx';
import { useAnswer, type AnswerState } from './ask/use-answer.ts';
import { useAnswerKeys } from './ask/use-answer-keys.ts';
import { useLateFocus } from './ask/use-late-focus.ts';

const MakeRuleDialog = lazyPart(async () => (await import('../policies/make-rule-dialog.tsx')).MakeRuleDialog);

const kept = createKeptTexts('note');

export interface ApprovalCardProps {
  approval: ApprovalView;
  /** `page`: the printed keys count wherever the keyboard is; `card`: only inside the card. Default `card`. */
  keys?: 'page' | 'card';
  /** Stands at the right of the head, such as a place in a stack. */
  aside?: ReactNode;
}

/** What an agent wants to do, why that may be dangerous, and the agent's own options as buttons. */
export function ApprovalCard({ approval, keys = 'card', aside }: ApprovalCardProps) {
  const card = useRef<HTMLElement>(null);
  const once = useRef<HTMLButtonElement>(null);
  const session = useSessionView(approval.sessionId);
  const agent = useAgentTitle(session?.backend);
  const [note, setNote] = useState(() => kept.get(approval.id));
  const [chosen, setChosen] = useState<ApprovalOption>();
  const { state, answer } = useAnswer();
  const isOpen = approval.state === 'pending' && (state.step === 'open' || state.step === 'refused');
  useEffect(() => kept.set(approval.id, isOpen ? note : ''), [approval.id, note, isOpen]);
  const choose = (option: ApprovalOption | undefined) => {
    if (option === undefined) return;
    setChosen(option);
    const words = option.takesNote === true && note.trim() !== '' ? { note: note.trim() } : {};
    answer({ type: 'approval.answer', approvalId: approval.id, option: option.id, ...words });
  };
  const { options } = approval;
  useAnswerKeys({ count: options.length, enabled: isOpen, scope: keys, card, choose: (at) => choose(options[at]) });
  useLateFocus(once, isOpen && keys === 'page');
  const noted = options.filter((option) => option.takesNote === true);
  return (
    <AskFrame
      ref={card}
      label="Approval"
      icon={<Diamond size={16} strokeWidth={1.75} aria-hidden="true" className="fill-waiting text-waiting" />}
      title={toAskWords(agent, approval)}
      where={session?.cwd}
      aside={aside}
      foot={
        <>
          {noted.length > 0 && isOpen && <NoteField note={note} options={noted} onChange={setNote} onSend={choose} />}
          <OptionButtons options={options} disabled={!isOpen} onceRef={once} onChoose={choose} />
          <MakeRule approval={approval} session={isOpen ? session : undefined} />
          <Outcome approval={approval} state={state} chosen={chosen} />
        </>
      }
    >
      <RiskBadges risk={approval.risk} />
      <ActionBody approval={approval} cwd={session?.cwd ?? ''} />
    </AskFrame>
  );
}

// Nothing once it is answered. What is typed in the dialog is not the card's.
function MakeRule({ approval, session }: { approval: ApprovalView; session: SessionView | undefined }) {
  const [open, setOpen] = useState(false);
  if (session === undefined) return null;
  return (
    <div onKeyDown={(event) => open && event.stopPropagation()}>
      <Button
        size="sm"
        variant="quiet"
        icon={<Scale size={14} strokeWidth={1.75} />}
        onClick={() => setOpen(true)}
        className="-ml-2"
      >
        Make this a rule…
      </Button>
      {open && (
        <Suspense fallback={<ComingDialog />}>
          <MakeRuleDialog approval={approval} session={session} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </div>
  );
}

const TONES: Record<Risk['level'], Tone> = { low: 'neutral', medium: 'waiting', high: 'failed' };

function RiskBadges({ risk }: { risk: Risk | undefined }) {
  if (risk === undefined || (risk.level === 'low' && risk.reasons.length === 0)) return null;
  const icon = risk.level === 'low' ? undefined : <TriangleAlert size={12} strokeWidth={2} aria-hidden="true" />;
  return (
    <ul className="flex flex-wrap gap-1.5" aria-label="Risk">
      <li>
        <Badge tone={TONES[risk.level]} icon={icon}>
          {risk.level} risk
        </Badge>
      </li>
      {risk.reasons.map((reason) => (
        <li key={reason}>
          <Badge className="h-auto min-h-5 whitespace-normal">{reason}</Badge>
        </li>
      ))}
    </ul>
  );
}

interface NoteFieldProps {
  note: string;
  /** The options that a note goes with. */
  options: readonly ApprovalOption[];
  onChange(note: string): void;
  onSend(option: ApprovalOption | undefined): void;
}

// Enter answers only when it is plain which option it means.
function NoteField({ note, options, onChange, onSend }: NoteFieldProps) {
  const only = options.length === 1 ? options[0] : undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing || note.trim() === '' || only === undefined) return;
    event.preventDefault();
    onSend(only);
  };
  return (
    <input
      value={note}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
      aria-label="Note for the agent"
      placeholder={only === undefined ? 'Note for the agent' : `Note that goes with \u201c${only.title}\u201d`}
      maxLength={10_000}
      className="h-8 w-full rounded-md border border-line-control bg-surface px-2.5 text-sm coarse:h-11 coarse:text-[max(16px,var(--ui-size))]"
    />
  );
}

interface OutcomeProps {
  approval: ApprovalView;
  state: AnswerState;
  chosen: ApprovalOption | undefined;
}

function Outcome({ approval, state, chosen }: OutcomeProps) {
  if (approval.state === 'answered') {
    const option = approval.options.find((candidate) => candidate.id === approval.option);
    return <Line>Answered{option === undefined ? '' : `: ${option.title}`}</Line>;
  }
  if (approval.state === 'withdrawn')
    return <Line>No longer asked{approval.reason ? `: ${approval.reason}` : ''}</Line>;
  if (state.step === 'refused') {
    return (
      <p role="alert" className="text-sm text-failed">
        {state.message}
      </p>
    );
  }
  if (state.step === 'open') return null;
  return (
    <Line>
      {state.step === 'sent' ? 'Sent' : 'Sending'}
      {chosen === undefined ? '' : `: ${chosen.title}`}
    </Line>
  );
}

function Line({ children }: { children: ReactNode }) {
  return (
    <p role="status" className="flex items-center gap-1.5 text-sm text-ink-2">
      <Check size={14} strokeWidth={1.75} aria-hidden="true" className="text-ink-3" />
      {children}
    </p>
  );
}
