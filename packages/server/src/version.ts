import manifest from '../package.json' with { type: 'json' };

/** One number for the whole of Baton. */
export const VERSION: string = manifest.version;
