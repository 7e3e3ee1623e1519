import type { ErrorComponentProps } from '@tanstack/react-router';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/empty.tsx';

/** What stands where a page broke. Everything on the server goes on. */
export function FailedPage({ error, reset }: ErrorComponentProps) {
  return (
    <Empty
      title="This page failed"
      hint={
        <>
          Your agents are not affected.{' '}
          <code className="text-xs break-all">{error instanceof Error ? error.message : String(error)}</code>
        </>
      }
      action={
        <div className="flex gap-2">
          <Button variant="primary" onClick={reset}>
            Try again
          </Button>
          <Button onClick={() => location.reload()}>Load the page again</Button>
        </div>
      }
      className="h-full"
    />
  );
}
