import type { AgentMode, AgentModel, BackendView, RecordedEvent, SessionId } from '@baton/protocol';
import type { EventStore } from '../ports/event-store.ts';

/** How many sessions of an agent, and how many events of each, are looked through for what it offered. */
const SESSIONS = 5;
const EVENTS = 50;

interface Offer {
  models: readonly AgentModel[];
  modes: readonly AgentMode[];
}

/** What agents offered when they last ran. Many can tell it only then, and whoever begins a session chooses before. */
export interface KnownOffers {
  /** Takes what the agent of a session offers from what was recorded of it. */
  note(backend: string, recorded: readonly RecordedEvent[]): void;
  /** The same views; one without models, or without modes, has those of its agent's last offer. */
  complete(views: readonly BackendView[]): Promise<BackendView[]>;
}

const NOTHING: Offer = { models: [], modes: [] };

/** After a restart it is read once for each agent from its newest sessions. `onFault` hears when that fails. */
export function createKnownOffers(
  store: Pick<EventStore, 'listSessions' | 'readEvents'>,
  onFault: (error: unknown) => void,
): KnownOffers {
  const heard = new Map<string, Offer>();
  const recalled = new Map<string, Promise<Offer>>();

  async function recall(backend: string): Promise<Offer> {
    const { items } = await store.listSessions({ backend, limit: SESSIONS });
    for (const { id } of items) {
      const offer = await readOffer(id);
      if (offer !== NOTHING) return offer;
    }
    return NOTHING;
  }

  async function readOffer(sessionId: SessionId): Promise<Offer> {
    return findOffer(await store.readEvents(sessionId, { after: 0, limit: EVENTS }), NOTHING);
  }

  function know(backend: string): Promise<Offer> {
    const known = recalled.get(backend);
    if (known !== undefined) return known;
    const reading = recall(backend).catch((error: unknown) => {
      // It is read again the next time.
      recalled.delete(backend);
      onFault(error);
      return NOTHING;
    });
    recalled.set(backend, reading);
    return reading;
  }

  async function completeOne(view: BackendView): Promise<BackendView> {
    if (!view.installed || (view.models.length > 0 && view.modes.length > 0)) return view;
    const offer = heard.get(view.id) ?? (await know(view.id));
    return {
      ...view,
      models: view.models.length > 0 ? view.models : [...offer.models],
      modes: view.modes.length > 0 ? view.modes : [...offer.modes],
    };
  }

  return {
    note(backend, recorded) {
      const before = heard.get(backend) ?? NOTHING;
      const offer = findOffer(recorded, before);
      if (offer !== before) heard.set(backend, offer);
    },
    complete: (views) => Promise.all(views.map(completeOne)),
  };
}

// The last that said anything: an agent may tell that it is ready before it knows what it offers.
function findOffer(recorded: readonly RecordedEvent[], before: Offer): Offer {
  return recorded.reduce((found, { event }) => {
    if (event.type !== 'agent.ready' || (event.models.length === 0 && event.modes.length === 0)) return found;
    return { models: event.models, modes: event.modes };
  }, before);
}
