import type { Risk } from '@baton/protocol';
import type { Need } from './approve.ts';

const SIGNS: readonly { level: Risk['level']; pattern: RegExp; reason: string }[] = [
  { level: 'high', pattern: /\brm\s+(-\w*[rf]|--recursive|--force)/, reason: 'deletes without asking' },
  { level: 'high', pattern: /\b(sudo|doas)\b/, reason: 'runs with other rights' },
  { level: 'high', pattern: /\b(curl|wget)\b[^|]*\|\s*(sudo\s+)?\w*sh\b/, reason: 'runs what it downloads' },
  { level: 'high', pattern: /\b(mkfs|dd|shutdown|reboot)\b|>\s*\/dev\/[sh]d/, reason: 'touches the machine itself' },
  {
    level: 'high',
    pattern: /\bgit\s+(push\s.*(--force|-f\b)|reset\s+--hard|clean\s+-\w*f)/,
    reason: 'destroys history or changes',
  },
  { level: 'medium', pattern: /\bgit\s+push\b|\b(npm|cargo|twine)\s+publish\b/, reason: 'publishes' },
  { level: 'medium', pattern: /\b(curl|wget|ssh|scp|rsync|nc)\b/, reason: 'reaches the network' },
  {
    level: 'medium',
    pattern: /\b(npm|pnpm|yarn|pip|pip3|cargo|apt|apt-get|brew)\s+(i|install|add)\b/,
    reason: 'installs software',
  },
  {
    level: 'medium',
    pattern: /(^|\s)(\/(etc|usr|var|root|home)\b|~\/|\.\.\/)/,
    reason: 'names paths outside the folder',
  },
];

/** What is risky about a call, in short words; a hint for the eye, never a gate. */
export function toRisk(need: Need): Risk | undefined {
  if (need.type === 'plan' || need.type === 'nothing') return undefined;
  if (need.type === 'read') return { level: 'medium', reasons: ['reads outside the folder'] };
  if (need.type === 'edit')
    return need.isOutside ? { level: 'high', reasons: ['writes outside the folder'] } : { level: 'low', reasons: [] };
  const found = SIGNS.filter(({ pattern }) => pattern.test(need.command));
  const level = found.some((sign) => sign.level === 'high') ? 'high' : found.length > 0 ? 'medium' : 'low';
  return { level, reasons: found.map(({ reason }) => reason) };
}
