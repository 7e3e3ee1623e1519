import { listBackends } from './backends.ts';
import { getMetrics, getOpenapi } from './documents.ts';
import { findFiles, getGit, listFolders } from './files.ts';
import { getHealth } from './health.ts';
import { getMe, signIn, signOut } from './identity.ts';
import { answerApproval, answerQuestion, listApprovals, listQuestions } from './inbox.ts';
import {
  createSession,
  deleteSession,
  getSession,
  interruptSession,
  listEvents,
  listSessions,
  patchSession,
  startSession,
  startTurn,
  stopSession,
  unqueueTurn,
} from './sessions.ts';

/** Every route by the name its handler and its client method have. */
export const ROUTES = {
  getHealth,
  signIn,
  signOut,
  getMe,
  listBackends,
  createSession,
  listSessions,
  getSession,
  patchSession,
  deleteSession,
  startTurn,
  unqueueTurn,
  interruptSession,
  stopSession,
  startSession,
  listEvents,
  listApprovals,
  answerApproval,
  listQuestions,
  answerQuestion,
  listFolders,
  findFiles,
  getGit,
  getOpenapi,
  getMetrics,
} as const;

export type RouteName = keyof typeof ROUTES;
