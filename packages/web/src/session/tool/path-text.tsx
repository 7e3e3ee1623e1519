import { cx } from '../../ui/cx.ts';
import { splitPath } from './short-path.ts';

/** A path whose folder gives way where there is little room, and whose name does not. */
export function PathText({ path, title = path, className }: { path: string; title?: string; className?: string }) {
  const { folder, name } = splitPath(path);
  return (
    <span className={cx('flex min-w-0 font-mono', className)} title={title}>
      {folder !== '' && <span className="min-w-0 truncate text-ink-3">{folder}</span>}
      <span className="max-w-full shrink-0 truncate text-ink">{name}</span>
    </span>
  );
}
