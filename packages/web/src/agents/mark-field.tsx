import { ImagePlus } from 'lucide-react';
import { useRef, useState } from 'react';
import { IconButton } from '../ui/icon-button.tsx';
import { TextField } from '../ui/text-field.tsx';
import { toPictureAddress } from './picture-address.ts';

export interface MarkFieldProps {
  value: string;
  onChange(value: string): void;
  error: string | undefined;
}

/** One or two letters, or a picture: an address, or a file that is made small. */
export function MarkField({ value, onChange, error }: MarkFieldProps) {
  const input = useRef<HTMLInputElement>(null);
  const [refusal, setRefusal] = useState<string>();
  const choose = (file: File | undefined) => {
    if (file === undefined) return;
    setRefusal(undefined);
    toPictureAddress(file).then(onChange, () =>
      setRefusal(`Cannot show ${file.name} as a picture. Choose a PNG, JPEG, WebP or SVG file.`),
    );
  };
  return (
    <>
      <TextField
        label="Mark"
        value={value}
        placeholder="G"
        className="[&_input]:pr-10 [&_input]:coarse:pr-13"
        description="One or two letters, or a small picture: a file, or a data: address."
        onChange={(event) => {
          setRefusal(undefined);
          onChange(event.target.value);
        }}
        error={error ?? refusal}
        trailing={
          <IconButton
            size="sm"
            label="Choose a picture"
            icon={<ImagePlus size={16} strokeWidth={1.75} />}
            onClick={() => input.current?.click()}
          />
        }
      />
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          choose(event.target.files?.[0]);
          // The same file can be chosen again.
          event.target.value = '';
        }}
      />
    </>
  );
}
