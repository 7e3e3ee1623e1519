/** A path as it reads in the session's folder: relative inside it, whole outside. */
export function toShortPath(path: string, cwd: string): string {
  const folder = cwd.replace(/[/\\]+$/, '');
  if (path === folder) return `${splitPath(folder).name}/`;
  const isInside = path.startsWith(`${folder}/`) || path.startsWith(`${folder}\\`);
  return isInside && folder !== '' ? path.slice(folder.length + 1) : path;
}

/** The folder part and the name, so that the name can be kept when there is little room. */
export function splitPath(path: string): { folder: string; name: string } {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1;
  return { folder: path.slice(0, cut), name: path.slice(cut) };
}
