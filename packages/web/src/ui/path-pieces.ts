/** A path in the pieces after which a line may end: each with the separator that ends it. Joined they are the path. */
export function toPathPieces(path: string): string[] {
  return path.split(/(?<=[/\\])(?=[^/\\])/);
}
