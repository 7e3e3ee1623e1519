import type { Context, Rule, Visitor } from './rule.ts';
import { PURE_FOLDERS } from './law.ts';
import { toPlace, type Place } from './place.ts';

/** Names that reach the machine, the clock or chance. What only computes (Map, Math.max, JSON.stringify) stays. */
const IMPURE_GLOBALS = new Set(
  (
    'process Buffer console fetch crypto performance navigator window document self globalThis global ' +
    'localStorage sessionStorage WebSocket EventSource XMLHttpRequest Worker MessageChannel BroadcastChannel ' +
    'setTimeout setInterval setImmediate clearTimeout clearInterval clearImmediate queueMicrotask ' +
    'requestAnimationFrame requestIdleCallback Date Promise Atomics SharedArrayBuffer WeakRef ' +
    'FinalizationRegistry eval Function require'
  ).split(' '),
);

export function isPurePlace(place: Place): boolean {
  return !place.isTest && PURE_FOLDERS.some((folder) => place.path.startsWith(`${folder}/`));
}

/** An import that pure code must not have: anything that is not the protocol or a neighbour in `core`. */
export function isImpureImport(source: string): boolean {
  return !source.startsWith('.') && source !== '@baton/protocol';
}

export const purity: Rule = {
  meta: { type: 'problem' },
  create: (context) => (isPurePlace(toPlace(context.filename)) ? createVisitor(context) : {}),
};

function createVisitor(context: Context): Visitor {
  const report = (node: never, what: string) => {
    context.report({
      node,
      message: `${what} in a pure folder: time, chance, waiting and the machine come in as values`,
    });
  };
  const refuseAsync = (node: object) => {
    if ('async' in node && node.async === true) report(node as never, 'An async function');
  };
  return {
    FunctionDeclaration: refuseAsync,
    FunctionExpression: refuseAsync,
    ArrowFunctionExpression: refuseAsync,
    AwaitExpression: (node) => report(node as never, 'await'),
    ImportExpression: (node) => report(node as never, 'A dynamic import'),
    ImportDeclaration: (node) => {
      if (isImpureImport(node.source.value)) report(node as never, `The import of "${node.source.value}"`);
    },
    MemberExpression: (node) => {
      const { object, property } = node;
      const isMath = object.type === 'Identifier' && object.name === 'Math';
      if (isMath && property.type === 'Identifier' && property.name === 'random') report(node as never, 'Math.random');
    },
    'Program:exit': () => {
      for (const { identifier } of context.sourceCode.scopeManager.globalScope?.through ?? []) {
        const isValue = !isTypePosition(identifier);
        if (isValue && IMPURE_GLOBALS.has(identifier.name)) report(identifier as never, `"${identifier.name}"`);
      }
    },
  };
}

function isTypePosition(identifier: { parent?: { type: string } | null }): boolean {
  return identifier.parent?.type.startsWith('TS') ?? false;
}
