import { announce } from '../../ui/live-region.tsx';
import { showToast } from '../../ui/toast.tsx';

/** Copies and says so. */
export async function copyText(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce('Copied');
  } catch {
    showToast({ title: 'Not copied', description: 'The browser does not allow it on this page.', tone: 'failed' });
  }
}
