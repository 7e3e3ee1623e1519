import {
  cancelInstall,
  createAgent,
  deleteAgent,
  getFolderDefaults,
  getInstall,
  installBackend,
  listAgents,
  listInstalls,
  putFolderDefaults,
  testBackend,
  updateAgent,
} from './agents.ts';
import { listBackends } from './backends.ts';
import { getMetrics, getOpenapi } from './documents.ts';
import { findFiles, getGit, listFolders } from './files.ts';
import { forkSession, rewindSession, steerTurn } from './branches.ts';
import { createCheckpoint, diffCheckpoint, listCheckpoints, restoreCheckpoint } from './checkpoints.ts';
import { getDiagnosis, getHealth, getLive, getReady } from './health.ts';
import { getFound, getHistoryStatus, listFound, lookForConversations, resumeFound, search } from './history.ts';
import { getMe, signIn, signOut } from './identity.ts';
import { answerApproval, answerQuestion, listApprovals, listQuestions } from './inbox.ts';
import { getPolicies, putPolicies, simulatePolicies } from './policies.ts';
import { listQueue, moveInQueue } from './queue.ts';
import { getRetention, putRetention, runRetention } from './retention.ts';
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
  getLive,
  getReady,
  getDiagnosis,
  signIn,
  signOut,
  getMe,
  listBackends,
  installBackend,
  getInstall,
  listInstalls,
  cancelInstall,
  testBackend,
  listAgents,
  createAgent,
  updateAgent,
  deleteAgent,
  getFolderDefaults,
  putFolderDefaults,
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
  listQueue,
  moveInQueue,
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
  getRetention,
  putRetention,
  runRetention,
  createTask,
  listTasks,
  getTask,
  getTaskResult,
  cancelTask,
  listFound,
  getHistoryStatus,
  lookForConversations,
  getFound,
  resumeFound,
  search,
  listFolders,
  findFiles,
  getGit,
  getOpenapi,
  getMetrics,
} as const;

export type RouteName = keyof typeof ROUTES;
