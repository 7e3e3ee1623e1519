import type { ConfiguredAgentView } from '@baton/protocol';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { useEditAgent } from './use-agents.ts';

export function RemoveAgentDialog({ agent, onClose }: { agent: ConfiguredAgentView; onClose(): void }) {
  const edit = useEditAgent();
  const remove = () => edit.mutate({ type: 'delete', id: agent.id }, { onSuccess: onClose });
  return (
    <Dialog
      open
      size="sm"
      title={`Remove ${agent.title}?`}
      description="Its command and its variables are forgotten. Its sessions stay and can be read, but not go on."
      onOpenChange={(open) => open || onClose()}
      footer={
        <div className="ml-auto flex gap-2">
          <Button variant="quiet" onClick={onClose}>
            Cancel
          </Button>
          <Button variant="danger" disabled={edit.isPending} onClick={remove}>
            Remove agent
          </Button>
        </div>
      }
    >
      {edit.error !== null && (
        <p role="alert" className="px-4 pb-4 text-sm text-failed">
          {edit.error.message}
        </p>
      )}
    </Dialog>
  );
}
