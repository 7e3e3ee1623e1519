import { Ellipsis } from 'lucide-react';
import type { ComponentProps } from 'react';
import { IconButton } from '../../ui/icon-button.tsx';

/** Quiet until a pointer or the keyboard comes near; always there under a finger. */
export function TurnMenuButton(props: Omit<ComponentProps<'button'>, 'children'>) {
  return (
    <IconButton
      size="sm"
      label="Actions for this turn"
      tooltipSide="top"
      icon={<Ellipsis size={16} strokeWidth={1.75} />}
      aria-haspopup="menu"
      {...props}
      className="absolute top-2 -right-1.5 opacity-0 wide:static wide:-my-1 group-hover/turn:opacity-100 focus-visible:opacity-100 data-popup-open:opacity-100 coarse:opacity-100"
    />
  );
}
