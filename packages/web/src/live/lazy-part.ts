import { lazy, type ComponentType, type LazyExoticComponent } from 'react';
import { fetchCode } from './fetch-code.ts';

/** A part of a page whose code is fetched when it is first shown, and waits for a server that is away. */
export function lazyPart<P>(load: () => Promise<ComponentType<P>>): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => ({ default: await fetchCode(load) }));
}
