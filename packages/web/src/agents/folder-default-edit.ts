import { isAppError, type FolderDefault } from '@baton/protocol';

/** The defaults with this one among them, in the place of `before` or of another for the same folder. */
export function putDefault(
  now: readonly FolderDefault[],
  item: FolderDefault,
  before: string | undefined,
): FolderDefault[] {
  const isReplaced = ({ folder }: FolderDefault) => folder === item.folder || folder === before;
  const at = now.findIndex(isReplaced);
  if (at === -1) return [...now, item];
  return now.flatMap((each, index) => (index === at ? [item] : isReplaced(each) ? [] : [each]));
}

/** Why the server did not take it: at the folder, where it is about that, else at the foot. */
export function toDefaultRefusal(error: Error | null): { folder?: string; form?: string } {
  if (error === null) return {};
  if (!isAppError(error)) return { form: 'The default was not saved: the page failed. Try again.' };
  const folder = error.details.issues?.find(({ path }) => path.endsWith('folder'))?.message;
  return folder === undefined ? { form: error.message } : { folder };
}
