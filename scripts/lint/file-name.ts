import { basename } from 'node:path';
import type { Rule } from './rule.ts';
import { toPlace } from './place.ts';

/** Drawers: names that say nothing about what is inside. */
const DRAWERS = new Set(['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager', 'managers', 'shared']);
const DRAWER_FILES = new Set(['types', 'constants']);
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** What is wrong with a path from the root, in a sentence; undefined when it is a good name. */
export function judgePath(path: string): string | undefined {
  const folders = path.split('/').slice(0, -1);
  const drawer = folders.find((folder) => DRAWERS.has(folder));
  if (drawer !== undefined) return `The folder "${drawer}" says nothing about what is in it: name it after its domain`;
  const [stem = '', ...suffixes] = basename(path).split('.');
  const last = stem.split('-').at(-1) ?? '';
  if (DRAWERS.has(stem) || DRAWERS.has(last) || DRAWER_FILES.has(stem)) {
    return `"${basename(path)}" is a drawer: name the file after its main export`;
  }
  if (/[a-z]2$/.test(stem) || suffixes.some((suffix) => ['new', 'old', 'copy', 'bak', 'refactored'].includes(suffix))) {
    return `"${basename(path)}" looks like a second version: replace the first one instead`;
  }
  return KEBAB.test(stem) ? undefined : `"${basename(path)}" is not kebab-case`;
}

export const fileName: Rule = {
  meta: { type: 'suggestion' },
  create(context) {
    return {
      Program(node) {
        const message = judgePath(toPlace(context.filename).path);
        if (message !== undefined) context.report({ node, message });
      },
    };
  },
};
