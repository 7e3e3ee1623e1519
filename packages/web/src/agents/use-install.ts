import { API_PREFIX, agentInstallSchema, isAppError, parseJson, toAppError, type AgentInstall } from '@baton/protocol';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useApi } from '../live/baton-provider.tsx';
import { useRefreshBackends } from '../live/use-backends.ts';
import { joinInstall, toLostInstall } from './join-install.ts';

const INSTALLS_KEY = ['installs'];

/** So soon is an installation seen that was begun on another device. */
const OTHERS_TICK_MS = 3000;

export interface Install {
  /** How the installation goes; absent when there was none, or it was closed. */
  progress: AgentInstall | undefined;
  failure: string | undefined;
  start(version: 'tested' | 'latest'): Promise<void>;
  cancel(): Promise<void>;
  clear(): void;
}

/** The last installation of each agent since the server started. */
export function useKnownInstalls(): readonly AgentInstall[] | undefined {
  const api = useApi();
  return useQuery({
    queryKey: INSTALLS_KEY,
    queryFn: async () => (await api.call('listInstalls')).items,
    staleTime: 0,
    refetchInterval: OTHERS_TICK_MS,
  }).data;
}

/**
 * Installs one agent and follows what npm says. One that runs already, begun elsewhere or before the page was loaded
 * anew, is followed too, and one that failed is told: `known` is what the server last said of it.
 */
export function useInstall(id: string, known: AgentInstall | undefined): Install {
  const api = useApi();
  const refresh = useRefreshBackends();
  const [following, setFollowing] = useState(false);
  const [progress, setProgress] = useState<AgentInstall>();
  const [failure, setFailure] = useState<string>();
  const [met, setMet] = useState<AgentInstall>();
  if (met !== known) {
    setMet(known);
    if (known?.state === 'running') setFollowing(true);
    if (known?.state === 'failed' && progress === undefined) setProgress(known);
  }
  // A new function each time, and does the same.
  const whenOver = useRef(refresh);
  useEffect(() => {
    whenOver.current = refresh;
  });

  useEffect(() => {
    if (!following) return undefined;
    return follow(id, {
      onChange: setProgress,
      onEnd() {
        setFollowing(false);
        void whenOver.current().catch(() => undefined);
      },
    });
  }, [following, id]);

  return {
    progress,
    failure,
    async start(version) {
      setFailure(undefined);
      try {
        await api.call('installBackend', { params: { id }, body: { version } });
        setFollowing(true);
      } catch (cause) {
        if (isAppError(cause) && cause.kind === 'conflict') setFollowing(true);
        else setFailure(toAppError(cause).message);
      }
    },
    async cancel() {
      await api
        .call('cancelInstall', { params: { id } })
        .catch((cause: unknown) => setFailure(toAppError(cause).message));
    },
    clear() {
      setProgress(undefined);
      setFailure(undefined);
    },
  };
}

interface Ears {
  onChange(change: (before: AgentInstall | undefined) => AgentInstall | undefined): void;
  onEnd(): void;
}

/** Hears of one installation until its end, or until the returned function is called. */
function follow(id: string, { onChange, onEnd }: Ears): () => void {
  const source = new EventSource(`${API_PREFIX}/backends/${encodeURIComponent(id)}/install`);
  source.addEventListener('install', ({ data }: MessageEvent<string>) => {
    const parsed = parseJson(data);
    const news = agentInstallSchema.safeParse(parsed.ok ? parsed.value : undefined);
    if (!news.success) return;
    onChange((before) => joinInstall(before, news.data));
    if (news.data.state === 'running') return;
    source.close();
    onEnd();
  });
  // A line that broke is opened again by the browser and begins from the first line.
  source.addEventListener('open', () => onChange(() => undefined));
  // One that was refused is not: a server that was started again knows of no installation.
  source.addEventListener('error', () => {
    if (source.readyState !== EventSource.CLOSED) return;
    onChange(toLostInstall);
    onEnd();
  });
  return () => source.close();
}
