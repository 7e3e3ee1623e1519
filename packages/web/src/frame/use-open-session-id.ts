import { sessionIdSchema, type SessionId } from '@baton/protocol';
import { useParams } from '@tanstack/react-router';

/** The session in the address, when there is one and it has the form of an id. */
export function useOpenSessionId(): SessionId | undefined {
  const text = useParams({ strict: false, select: (params) => params.sessionId });
  const parsed = sessionIdSchema.safeParse(text);
  return parsed.success ? parsed.data : undefined;
}
