import type { SessionId } from '@baton/protocol';
import { createContext, useContext } from 'react';
import type { OfferTitles } from './mark-words.ts';

/** What every row needs and no row owns. */
export interface Conversation {
  readonly sessionId: SessionId;
  readonly cwd: string;
  readonly backend: string;
  readonly titles: OfferTitles;
  /** It is only looked at: nothing can be done from its turns. */
  readonly readOnly: boolean;
  /** Opens or folds the row of this key. */
  fold(key: string, unfolded: boolean): void;
}

const ConversationContext = createContext<Conversation | null>(null);
export const ConversationProvider = ConversationContext.Provider;

export function useConversation(): Conversation {
  const conversation = useContext(ConversationContext);
  if (conversation === null) throw new Error('Broken invariant: a row is shown outside its conversation');
  return conversation;
}
