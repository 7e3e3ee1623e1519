import { AppError, type Failure } from '@baton/protocol';

/** Why a turn ended whose agent is not there any more. */
export const STOPPED: Failure = {
  kind: 'server-restarted',
  message: 'The server was stopped while the agent was at work. Send a prompt to go on where it was.',
};

export const RESTARTED: Failure = {
  kind: 'server-restarted',
  message: 'The server stopped while the agent was at work. Send a prompt to go on where it was.',
};

export const NOT_DELETED: Failure = {
  kind: 'agent-exited',
  message: 'The agent was ended to delete the session, which then failed. Send a prompt to go on, or delete it again.',
};

/** Why a server that stops takes no command. */
export const SHUTTING_DOWN = new AppError(
  'shutting-down',
  'The server is stopping; send the command again when it is back',
);
