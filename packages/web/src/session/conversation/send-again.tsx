import type { TimelineTurn } from '@baton/core';
import { createId } from '@baton/protocol';
import { RotateCw } from 'lucide-react';
import { useClient, useSessionPart } from '../../live/baton-provider.tsx';
import { Button } from '../../ui/button.tsx';
import { showToast } from '../../ui/toast.tsx';
import { toFailureWords } from '../failure-words.ts';
import { useConversation } from './conversation-context.ts';

/** The prompt of a turn that failed, once more, as long as nothing else came after it. */
export function SendAgain({ turn }: { turn: TimelineTurn }) {
  const { sessionId } = useConversation();
  const client = useClient();
  const isLatest = useSessionPart(
    sessionId,
    ({ timeline, optimistic, view }) =>
      timeline.turns.at(-1)?.turnId === turn.turnId && optimistic.length === 0 && view?.queue.length === 0,
  );
  if (!isLatest) return null;
  const send = () => {
    const input = [...turn.input];
    client.send({ type: 'turn.start', sessionId, turnId: createId('turn'), input }).catch((error: unknown) => {
      const description = toFailureWords(error, 'The request did not arrive');
      showToast({ title: 'The prompt was not sent', description, tone: 'failed' });
    });
  };
  return (
    <div className="basis-full pt-2">
      <Button size="sm" icon={<RotateCw size={14} strokeWidth={1.75} />} onClick={send}>
        Send the prompt again
      </Button>
    </div>
  );
}
