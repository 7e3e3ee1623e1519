import { fileName } from './file-name.ts';
import { importLaw } from './import-law.ts';
import { purity } from './purity.ts';

/** What oxlint cannot say by itself. A default export because oxlint loads plugins that way. */
export default {
  meta: { name: 'baton' },
  rules: { 'file-name': fileName, 'import-law': importLaw, purity },
};
