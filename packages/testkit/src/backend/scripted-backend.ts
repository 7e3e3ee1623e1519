import type { AgentSession, Backend, OpenOptions, Prompt } from '@baton/core';
import type { BackendView } from '@baton/protocol';
import { createArrivals } from './arrivals.ts';
import { createScriptedAgent, type ScriptedAgent } from './scripted-agent.ts';

export interface ScriptedBackend {
  readonly backend: Backend;
  readonly agents: readonly ScriptedAgent[];
  nextAgent(): Promise<ScriptedAgent>;
}

export interface ScriptedBackendOptions {
  id?: string;
  view?: Partial<BackendView>;
  /** What an agent does by itself when it is opened; default: it starts. */
  onOpen?(agent: ScriptedAgent): void;
  onPrompt?(agent: ScriptedAgent, prompt: Prompt): void;
  session?: Partial<AgentSession>;
}

/** A backend in process whose agents are played by a test. */
export function createScriptedBackend(options: ScriptedBackendOptions = {}): ScriptedBackend {
  const agents: ScriptedAgent[] = [];
  const opened = createArrivals<ScriptedAgent>();
  const id = options.id ?? 'scripted';
  const onOpen = options.onOpen ?? ((agent: ScriptedAgent) => agent.start());

  function open(openOptions: OpenOptions): AgentSession {
    const { agent, session } = createScriptedAgent(openOptions, options.onPrompt);
    agents.push(agent);
    opened.push(agent);
    queueMicrotask(() => onOpen(agent));
    return { ...session, ...options.session };
  }

  const view: BackendView = {
    id,
    title: 'Scripted agent',
    installed: true,
    version: '1.0.0',
    authenticated: 'yes',
    capabilities: ['approvals', 'questions', 'interrupt', 'resume'],
    models: [],
    modes: [
      { id: 'default', title: 'Ask' },
      { id: 'plan', title: 'Plan' },
    ],
    ...options.view,
  };
  return {
    backend: { id, title: view.title, probe: () => Promise.resolve(view), open },
    agents,
    nextAgent: opened.next,
  };
}
