import type { TaskId, TaskResult, TaskView } from '@baton/protocol';
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useApi } from '../live/baton-provider.tsx';
import { isOver } from './task-lanes.ts';
import type { TaskBody } from './task-form-state.ts';

const LIST = ['tasks'];
const TICK_MS = 2_000;

/** The newest tasks; looked at again while any of them can still change. */
export function useTasks(): UseQueryResult<readonly TaskView[]> {
  const api = useApi();
  return useQuery({
    queryKey: LIST,
    queryFn: async () => (await api.call('listTasks', { query: { limit: 200 } })).items,
    refetchInterval: ({ state }) => (state.data?.every(isOver) === true ? TICK_MS * 5 : TICK_MS),
  });
}

/** One task, while it is shown. */
export function useTask(id: TaskId): UseQueryResult<TaskView> {
  const api = useApi();
  return useQuery({
    queryKey: ['task', id],
    queryFn: () => api.call('getTask', { params: { id } }),
    refetchInterval: ({ state }) => (state.data !== undefined && isOver(state.data) ? false : TICK_MS),
  });
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
    queries.setQueryData(['task', task.id], task);
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
