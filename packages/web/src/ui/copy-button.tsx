import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { IconButton } from './icon-button.tsx';
import { announce } from './live-region.tsx';

export interface CopyButtonProps {
  /** The text, or a function for text that is costly to make. */
  text: string | (() => string);
  label?: string;
  className?: string;
}

const SHOWN_MS = 1600;

export function CopyButton({ text, label = 'Copy', className }: CopyButtonProps) {
  const [copied, setCopied] = useState<'no' | 'yes' | 'failed'>('no');
  useEffect(() => {
    if (copied === 'no') return undefined;
    const timer = setTimeout(() => setCopied('no'), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setCopied('yes');
      announce('Copied');
    } catch {
      setCopied('failed');
      announce('Cannot copy: the browser does not allow it');
    }
  };

  const words = { no: label, yes: 'Copied', failed: 'The browser does not allow copying' }[copied];
  const icon = copied === 'yes' ? <Check size={14} strokeWidth={1.75} /> : <Copy size={14} strokeWidth={1.75} />;
  return (
    <IconButton
      size="sm"
      label={words}
      icon={icon}
      onClick={() => void copy()}
      {...(className === undefined ? {} : { className })}
    />
  );
}
