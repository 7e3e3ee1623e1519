import type { ConfiguredAgentView } from '@baton/protocol';
import { useRef } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { DialogFoot } from '../ui/dialog-foot.tsx';
import { useEditAgent } from './use-agents.ts';

export function RemoveAgentDialog({ agent, onClose }: { agent: ConfiguredAgentView; onClose(): void }) {
  const edit = useEditAgent();
  const keep = useRef<HTMLButtonElement>(null);
  const remove = () => edit.mutate({ type: 'delete', id: agent.id }, { onSuccess: onClose });
  return (
    <Dialog
      open
      size="sm"
      title={`Remove ${agent.title}?`}
      description="Its command and its variables are forgotten. Its sessions stay and can be read, but not go on."
      onOpenChange={(open) => open || onClose()}
      initialFocus={keep}
      footer={
        <DialogFoot cancel="Keep agent" cancelRef={keep} onCancel={onClose} problem={edit.error?.message}>
          <Button variant="danger" disabled={edit.isPending} onClick={remove}>
            Remove agent
          </Button>
        </DialogFoot>
      }
    />
  );
}
