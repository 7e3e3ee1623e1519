import { isBuiltin } from 'node:module';
import type { Rule } from './rule.ts';
import { ADAPTERS, COMPOSITION_ROOT, LAW, TEST_IMPORTS } from './law.ts';
import { resolveImport, toPlace, type Place } from './place.ts';

const WORKSPACE = /^@baton\/([^/]+)(\/.*)?$/;

/** What is wrong with importing `source` at `place`, in a sentence; undefined when it is allowed. */
export function judgeImport(place: Place, source: string, isTypeOnly: boolean): string | undefined {
  const law = place.package === undefined ? undefined : LAW[place.package];
  if (place.package === undefined) return undefined;
  if (law === undefined) return `The package "${place.package}" has no line in scripts/lint/law.ts`;
  if (source.startsWith('.')) return judgeRelative(place, source);
  const name = WORKSPACE.exec(source)?.[1];
  if (name !== undefined) return judgePackage(place, name, isTypeOnly);
  if (law.runtime === 'any' && isBuiltin(source) && isProductCode(place)) {
    return `"${place.package}" runs in browsers too: no "${source}" of Node`;
  }
  return undefined;
}

function isProductCode(place: Place): boolean {
  return !place.isTest && place.path.startsWith(`packages/${place.package}/src/`);
}

function judgeRelative(place: Place, source: string): string | undefined {
  const target = resolveImport(place, source);
  if (target.startsWith(`packages/${place.package}/`)) return undefined;
  return `"${source}" leaves the package: import another package by its name, through its index.ts`;
}

function judgePackage(place: Place, name: string, isTypeOnly: boolean): string | undefined {
  const own = place.package ?? '';
  const imports = LAW[own]?.imports ?? [];
  if (name === own) return `"${own}" imports itself by name: use a relative path`;
  const allowed = place.isTest ? [...imports, ...TEST_IMPORTS] : imports;
  if (!allowed.includes(name)) {
    return `"${own}" may import ${imports.join(', ') || 'no other package'}, not "${name}" (import law)`;
  }
  const namesAdapter = ADAPTERS.includes(name) && !isTypeOnly && !place.isTest;
  if (!namesAdapter || COMPOSITION_ROOT.includes(place.path)) return undefined;
  return `Only the composition root (${COMPOSITION_ROOT.join(', ')}) names the adapters of "${name}"; take the port instead`;
}

export const importLaw: Rule = {
  meta: { type: 'problem' },
  create(context) {
    const place = toPlace(context.filename);
    const judge = (source: { value: unknown } | null, isTypeOnly: boolean) => {
      if (typeof source?.value !== 'string') return;
      const message = judgeImport(place, source.value, isTypeOnly);
      if (message !== undefined) context.report({ message, node: source as never });
    };
    return {
      ImportDeclaration: (node) => judge(node.source, node.importKind === 'type'),
      ExportNamedDeclaration: (node) => judge(node.source, node.exportKind === 'type'),
      ExportAllDeclaration: (node) => judge(node.source, node.exportKind === 'type'),
      ImportExpression: (node) => judge(node.source as { value: unknown }, false),
    };
  },
};
