import { useEffect } from 'react';
import { createValueStore } from '../live/value-store.ts';

/** The name of the page that is shown, without the count and the product's name. */
export const pageTitle = createValueStore('Sessions');

export function usePageTitle(title: string): void {
  useEffect(() => pageTitle.set(title), [title]);
}

/** "(2) Fix the parser · Baton" */
export function toDocumentTitle(title: string, waiting: number): string {
  return `${waiting > 0 ? `(${waiting}) ` : ''}${title} · Baton`;
}
