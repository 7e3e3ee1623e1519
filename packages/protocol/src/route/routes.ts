import { listBackends } from './backends.ts';
import { getMetrics, getOpenapi } from './documents.ts';
import { findFiles, getGit, listFolders } from './files.ts';
import { forkSession, rewindSession, steerTurn } from './branches.ts';
import { createCheckpoint, diffCheckpoint, listCheckpoints, restoreCheckpoint } from './checkpoints.ts';
import { getHealth } from './health.ts';
import { getMe, signIn, signOut } from './identity.ts';
import { answerApproval, answerQuestion, listApprovals, listQuestions } from './inbox.ts';
import { getPolicies, putPolicies, simulatePolicies } from './policies.ts';
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
import { cancelTask, createTask, getTask, getTaskResult, listTasks } from './tasks.ts';

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
  forkSession,
  rewindSession,
  steerTurn,
  listEvents,
  listApprovals,
  answerApproval,
  listQuestions,
  answerQuestion,
  listCheckpoints,
  createCheckpoint,
  diffCheckpoint,
  restoreCheckpoint,
  getPolicies,
  putPolicies,
  simulatePolicies,
  createTask,
  listTasks,
  getTask,
  getTaskResult,
  cancelTask,
  listFolders,
  findFiles,
  getGit,
  getOpenapi,
  getMetrics,
} as const;

export type RouteName = keyof typeof ROUTES;
