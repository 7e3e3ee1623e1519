import type { SessionView } from '@baton/protocol';
import { Ellipsis } from 'lucide-react';
import type { ComponentProps } from 'react';
import { IconButton } from '../ui/icon-button.tsx';

export interface CardMenuButtonProps extends Omit<ComponentProps<'button'>, 'children'> {
  session: SessionView;
}

export function CardMenuButton({ session, ...rest }: CardMenuButtonProps) {
  return (
    <IconButton
      size="sm"
      label={`Actions for ${session.title}`}
      icon={<Ellipsis size={16} strokeWidth={1.75} />}
      aria-haspopup="menu"
      {...rest}
      className="relative -mr-1"
    />
  );
}
