import {
  type AgentTest,
  type ConfiguredAgent,
  type ConfiguredAgentChange,
  type FolderDefault,
  toAppError,
} from '@baton/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { getAgentLooks } from '../live/agent-looks.ts';
import { useApi } from '../live/baton-provider.tsx';
import { createSlowApi } from '../live/slow-api.ts';
import { BACKENDS_KEY } from '../live/use-backends.ts';

const AGENTS = ['agents'];
const DEFAULTS = ['folder-defaults'];

/** The agents that were added, and the file they are in. */
export function useConfiguredAgents() {
  const api = useApi();
  return useQuery({ queryKey: AGENTS, queryFn: () => api.call('listAgents') });
}

export type AgentEdit =
  | { type: 'create'; agent: ConfiguredAgent }
  | { type: 'update'; id: string; agent: ConfiguredAgentChange }
  | { type: 'delete'; id: string };

/** Changes an added agent. The server looks for a changed one by itself, and the others need not be waited for. */
export function useEditAgent() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn(edit: AgentEdit) {
      if (edit.type === 'create') await api.call('createAgent', { body: edit.agent });
      else if (edit.type === 'update') await api.call('updateAgent', { params: { id: edit.id }, body: edit.agent });
      else await api.call('deleteAgent', { params: { id: edit.id } });
      await Promise.all([
        ...[AGENTS, BACKENDS_KEY].map((queryKey) => queries.invalidateQueries({ queryKey })),
        getAgentLooks(api).refresh(),
      ]);
    },
  });
}

export function useFolderDefaults() {
  const api = useApi();
  return useQuery({ queryKey: DEFAULTS, queryFn: async () => (await api.call('getFolderDefaults')).items });
}

/** Changes the defaults as they are now on the server: what another device did meanwhile stays. */
export function useEditFolderDefaults() {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    async mutationFn(edit: (items: readonly FolderDefault[]) => FolderDefault[]) {
      const { items } = await api.call('getFolderDefaults');
      const answer = await api.call('putFolderDefaults', { body: { items: edit(items) } });
      queries.setQueryData(DEFAULTS, answer.items);
    },
  });
}

/** The test of one agent: what came of the last one, and whether one runs. */
export function useAgentTest(id: string) {
  const [result, setResult] = useState<AgentTest>();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    setResult(undefined);
    try {
      setResult(await createSlowApi().call('testBackend', { params: { id } }));
    } catch (cause) {
      setResult({ ok: false, ms: 0, failure: { message: toAppError(cause).message, lines: [] } });
    } finally {
      setBusy(false);
    }
  };
  return { result, busy, run, clear: () => setResult(undefined) };
}
