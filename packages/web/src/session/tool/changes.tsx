/** Lines added and removed, as "+12 −3". */
export function Changes({ added, removed }: { added: number; removed: number }) {
  if (added === 0 && removed === 0) return null;
  return (
    <span className="tabular inline-flex shrink-0 gap-1.5 text-xs font-medium">
      {added > 0 && (
        <span className="text-added">
          <span className="sr-only">added </span>+{added}
        </span>
      )}
      {removed > 0 && (
        <span className="text-removed">
          <span className="sr-only">removed </span>
          {'\u2212'}
          {removed}
        </span>
      )}
    </span>
  );
}
