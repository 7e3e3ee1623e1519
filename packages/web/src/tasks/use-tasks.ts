import type { SessionView, TaskId, TaskResult, TaskView } from '@baton/protocol';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useApi, useClient } from '../live/baton-provider.tsx';
import { useRefreshOn } from '../live/use-refresh-on.ts';
import { useStorePart } from '../live/use-store.ts';
import { isOver } from './task-lanes.ts';
import type { TaskBody } from './task-form-state.ts';

const LIST = ['tasks'];
const ONE = ['task'];
/** Besides what sessions tell: a task can come from elsewhere, or wait for a moment in time. */
const TICK_MS = 15_000;
/** A task is written down right after the session that it runs in: the second look is for a slow machine. */
const LOOKS_MS = [150, 1_500];

/** The newest tasks; looked at again as soon as a session in the background begins, changes its state or goes. */
export function useTasks(): UseQueryResult<readonly TaskView[]> {
  const api = useApi();
  useTaskNews(LIST);
  return useQuery({
    queryKey: LIST,
    queryFn: async () => (await api.call('listTasks', { query: { limit: 200 } })).items,
    refetchInterval: TICK_MS,
  });
}

/** One task, while it is shown. */
export function useTask(id: TaskId): UseQueryResult<TaskView> {
  const api = useApi();
  useTaskNews(ONE);
  return useQuery({
    queryKey: [...ONE, id],
    queryFn: () => api.call('getTask', { params: { id } }),
    refetchInterval: ({ state }) => (state.data !== undefined && isOver(state.data) ? false : TICK_MS),
  });
}

// Tasks run in sessions of their own, and those are live.
function useTaskNews(queryKey: readonly string[]): void {
  const word = useStorePart(useClient().sessions, ({ sessions }) => toTaskWord(sessions));
  useRefreshOn(queryKey, word, LOOKS_MS);
}

function toTaskWord(sessions: readonly SessionView[]): string {
  return sessions
    .flatMap(({ id, background, state }) => (background === true ? [`${id}:${state}`] : []))
    .sort()
    .join(' ');
}

/** What a task that succeeded has to show. */
export function useTaskResult({ id, state }: Pick<TaskView, 'id' | 'state'>): UseQueryResult<TaskResult> {
  const api = useApi();
  return useQuery({
    queryKey: ['task-result', id],
    queryFn: () => api.call('getTaskResult', { params: { id } }),
    enabled: state === 'succeeded',
    staleTime: Number.POSITIVE_INFINITY,
  });
}

export interface TaskActions {
  create(body: TaskBody): Promise<TaskView>;
  cancel(id: TaskId): Promise<void>;
}

export function useTaskActions(): TaskActions {
  const api = useApi();
  const queries = useQueryClient();
  const refresh = (task: TaskView) => {
    queries.setQueryData([...ONE, task.id], task);
    void queries.invalidateQueries({ queryKey: LIST });
    return task;
  };
  return {
    create: async (body) => refresh(await api.call('createTask', { body })),
    cancel: async (id) => {
      refresh(await api.call('cancelTask', { params: { id } }));
    },
  };
}
