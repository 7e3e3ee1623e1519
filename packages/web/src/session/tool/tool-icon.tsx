import {
  ArrowRightLeft,
  Ban,
  Bot,
  CircleSlash,
  CircleX,
  Diamond,
  FileText,
  Globe,
  Lightbulb,
  Pencil,
  Plug,
  Search,
  SquareTerminal,
  Trash2,
  Wrench,
  type LucideIcon,
} from 'lucide-react';
import type { ToolKind, ToolStatus } from '@baton/protocol';
import { cx } from '../../ui/cx.ts';

const KINDS: Record<ToolKind, LucideIcon> = {
  read: FileText,
  edit: Pencil,
  delete: Trash2,
  move: ArrowRightLeft,
  search: Search,
  execute: SquareTerminal,
  think: Lightbulb,
  fetch: Globe,
  mcp: Plug,
  subagent: Bot,
  other: Wrench,
};

const STATES: Partial<
  Record<ToolStatus | 'waiting' | 'withdrawn', { Icon: LucideIcon; colour: string; word: string }>
> = {
  failed: { Icon: CircleX, colour: 'text-failed', word: 'Failed' },
  denied: { Icon: Ban, colour: 'text-ink-3', word: 'Denied' },
  interrupted: { Icon: CircleSlash, colour: 'text-ink-3', word: 'Interrupted' },
  withdrawn: { Icon: CircleSlash, colour: 'text-ink-3', word: 'No longer asked' },
  waiting: { Icon: Diamond, colour: 'text-waiting', word: 'Waits for you' },
};

/** The glyph of a call: what kind it is while all is well, else what went otherwise. */
export function ToolIcon({ kind, status }: { kind: ToolKind; status: ToolStatus | 'waiting' | 'withdrawn' }) {
  const state = STATES[status];
  const Icon = state?.Icon ?? KINDS[kind];
  const colour = state?.colour ?? (status === 'completed' ? 'text-ink-3' : 'text-accent');
  return (
    <Icon
      size={16}
      strokeWidth={1.75}
      className={cx('shrink-0', colour)}
      {...(state === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': state.word })}
    />
  );
}
