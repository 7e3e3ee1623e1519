import { cx } from '../ui/cx.ts';
import { toFolderName, toShortPath } from './folder-name.ts';

/** A folder on one line: where there is little room the way to it gives way, and its own name does not. */
export function FolderPath({ path, className }: { path: string; className?: string }) {
  const short = toShortPath(path);
  const name = toFolderName(short);
  const at = short.lastIndexOf(name);
  return (
    <span className={cx('flex', className)} title={path}>
      <span className="min-w-0 truncate">{short.slice(0, at)}</span>
      <span className="max-w-full shrink-0 truncate">{short.slice(at)}</span>
    </span>
  );
}
