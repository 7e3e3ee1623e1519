import type { SelectOption } from '../../ui/select.tsx';

const OFFERED = [5, 15, 60, 480];

/** What can be chosen for a session that nobody watches; what was chosen elsewhere is among it. */
export function toTimeChoices(chosen: number): SelectOption[] {
  const minutes = [...new Set([...OFFERED, ...(chosen > 0 ? [chosen] : [])])].sort((a, b) => a - b);
  return [
    { value: '0', title: 'Keep working' },
    ...minutes.map((each) => ({ value: String(each), title: `Stop after ${toLength(each)}` })),
  ];
}

function toLength(minutes: number): string {
  if (minutes % 60 !== 0) return `${minutes} min`;
  return minutes === 60 ? '1 hour' : `${minutes / 60} hours`;
}
