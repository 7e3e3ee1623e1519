import { MessageChannel } from 'node:worker_threads';
import type { HistoryLinkOptions } from '../history-link.ts';
import { type HistoryThreadOptions, serveHistory } from '../serve-history.ts';

/** The thread of the index in this thread: the same code and the same copying of values, over a port of its own. */
export function startHere(options: Omit<HistoryThreadOptions, 'suspects'>): HistoryLinkOptions['startThread'] {
  return (suspects) => {
    const { port1, port2 } = new MessageChannel();
    serveHistory(port1, { ...options, suspects });
    return {
      post: (message) => port2.postMessage(message),
      onMessage: (listener) => void port2.on('message', listener),
      onEnd: (listener) => void port2.once('close', () => listener(undefined)),
      kill: () => port1.close(),
    };
  };
}
