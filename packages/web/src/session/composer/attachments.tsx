import { X } from 'lucide-react';
import { IconButton } from '../../ui/icon-button.tsx';
import { toSafeImage } from '../markdown/safe-url.ts';
import type { AttachedImage } from './image-file.ts';

/** The images that go with the prompt. */
export function Attachments({ images, onRemove }: { images: readonly AttachedImage[]; onRemove(id: string): void }) {
  return (
    <ul className="flex flex-wrap gap-2 px-3 pt-3" aria-label="Images">
      {images.map((image) => (
        <li key={image.id} className="group relative">
          <img
            src={toSafeImage(`data:${image.mediaType};base64,${image.data}`)}
            alt={image.name}
            className="size-16 rounded-md border border-line object-cover"
          />
          <span className="absolute -top-2 -right-2 rounded-full border border-line bg-raised">
            <IconButton
              size="sm"
              label={`Remove ${image.name}`}
              icon={<X size={12} strokeWidth={2} />}
              onClick={() => onRemove(image.id)}
            />
          </span>
        </li>
      ))}
    </ul>
  );
}
