import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { AppFrame } from '../frame/app-frame.tsx';
import { HomePage } from '../home/home-page.tsx';
import { fetchCode } from '../live/fetch-code.ts';
import { SpinnerAfter } from '../ui/spinner-after.tsx';
import { FailedPage } from './failed-page.tsx';
import { NotFoundPage } from './not-found-page.tsx';

const root = createRootRoute({ component: AppFrame, notFoundComponent: NotFoundPage });

const home = createRoute({ getParentRoute: () => root, path: '/', component: HomePage });

const session = createRoute({
  getParentRoute: () => root,
  path: '/sessions/$sessionId',
  component: lazyRouteComponent(() => fetchCode(() => import('./session-route.tsx')), 'SessionRoute'),
  pendingComponent: () => <SpinnerAfter what="Loading the session" />,
});

const inbox = createRoute({
  getParentRoute: () => root,
  path: '/inbox',
  component: lazyRouteComponent(() => fetchCode(() => import('../inbox/inbox-page.tsx')), 'InboxPage'),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: lazyRouteComponent(() => fetchCode(() => import('../settings/settings-page.tsx')), 'SettingsPage'),
});

const agents = createRoute({
  getParentRoute: () => root,
  path: '/agents',
  component: lazyRouteComponent(() => fetchCode(() => import('../agents/agents-page.tsx')), 'AgentsPage'),
});

const policies = createRoute({
  getParentRoute: () => root,
  path: '/policies',
  component: lazyRouteComponent(() => fetchCode(() => import('../policies/policies-page.tsx')), 'PoliciesPage'),
});

const tasks = createRoute({
  getParentRoute: () => root,
  path: '/tasks',
  component: lazyRouteComponent(() => fetchCode(() => import('../tasks/tasks-page.tsx')), 'TasksPage'),
});

const task = createRoute({
  getParentRoute: () => root,
  path: '/tasks/$taskId',
  component: lazyRouteComponent(() => fetchCode(() => import('../tasks/task-page.tsx')), 'TaskPage'),
});

const history = createRoute({
  getParentRoute: () => root,
  path: '/history',
  component: lazyRouteComponent(() => fetchCode(() => import('../history/history-page.tsx')), 'HistoryPage'),
});

const found = createRoute({
  getParentRoute: () => root,
  path: '/history/$foundId',
  component: lazyRouteComponent(() => fetchCode(() => import('../history/found-page.tsx')), 'FoundPage'),
  pendingComponent: () => <SpinnerAfter what="Reading the conversation" />,
});

const queue = createRoute({
  getParentRoute: () => root,
  path: '/queue',
  component: lazyRouteComponent(() => fetchCode(() => import('../queue/queue-page.tsx')), 'QueuePage'),
});

const server = createRoute({
  getParentRoute: () => root,
  path: '/server',
  component: lazyRouteComponent(() => fetchCode(() => import('../server-status/server-page.tsx')), 'ServerPage'),
});

export function createAppRouter() {
  return createRouter({
    routeTree: root.addChildren([
      home,
      session,
      inbox,
      agents,
      policies,
      tasks,
      task,
      history,
      found,
      settings,
      queue,
      server,
    ]),
    defaultPreload: 'intent',
    defaultErrorComponent: FailedPage,
    defaultPendingComponent: () => (
      <SpinnerAfter what="Loading the page" mend="The server does not answer. The page comes once it does." />
    ),
    scrollRestoration: false,
  });
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createAppRouter>;
  }
}
