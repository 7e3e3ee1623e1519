import { Fragment } from 'react';
import { toPathPieces } from './path-pieces.ts';

/** A path that is shown whole: its lines end after a separator, and inside a name only where the name alone is too long. */
export function WholePath({ path }: { path: string }) {
  return (
    <span className="wrap-anywhere">
      {toPathPieces(path).map((piece, index) => (
        // Pieces have no identity but their place.
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {piece}
        </Fragment>
      ))}
    </span>
  );
}
