import { useEffect, useRef, useState } from 'react';

/**
 * Files that are dropped anywhere on the page go to `onFiles`; without it nothing becomes of them. Left to itself the
 * browser would open them in the place of the page. What is dropped on a dialog is not the page's. Returns whether
 * files are over the page now.
 */
export function useFileDrop(onFiles?: (files: readonly File[]) => void): boolean {
  const [over, setOver] = useState(false);
  const latest = useRef(onFiles);
  useEffect(() => {
    latest.current = onFiles;
  });
  useEffect(() => {
    // Leaving a child is not leaving the page, so the depth is counted.
    let depth = 0;
    const move = (step: number) => (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = Math.max(0, depth + step);
      setOver(depth > 0);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      if (event.target instanceof Element && event.target.closest('[role="dialog"]') !== null) return;
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length > 0) latest.current?.(files);
    };
    const [enter, leave, above] = [move(1), move(-1), move(0)];
    addEventListener('dragenter', enter);
    addEventListener('dragleave', leave);
    addEventListener('dragover', above);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragenter', enter);
      removeEventListener('dragleave', leave);
      removeEventListener('dragover', above);
      removeEventListener('drop', drop);
    };
  }, []);
  return over;
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}
