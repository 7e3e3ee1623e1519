import { Link } from '@tanstack/react-router';
import { usePageTitle } from '../frame/page-title.ts';
import { Empty } from '../ui/empty.tsx';

export function NotFoundPage() {
  usePageTitle('Not found');
  return (
    <Empty
      title="There is nothing at this address"
      hint="The link may be old, or the session was deleted."
      action={
        <Link to="/" className="touch font-medium text-accent hover:underline">
          Show all sessions
        </Link>
      }
      className="h-full"
    />
  );
}
