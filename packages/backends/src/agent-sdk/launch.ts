import { type Conversation, type LaunchChoice, SETTINGS } from '../claude/launch.ts';
import { canBypass } from '../claude/modes.ts';

/** The part of the SDK's options that is plain data. Like `toArguments` of Claude Code's own backend. */
export function toQueryOptions(choice: LaunchChoice & { cwd: string; program: string }): Record<string, unknown> {
  const { conversation, model, mode, effort, env, cwd, program } = choice;
  return {
    ...{ cwd, env, pathToClaudeCodeExecutable: program },
    ...toConversationOptions(conversation),
    // Without these it would be a bare model with tools, and not Claude Code.
    systemPrompt: { type: 'preset', preset: 'claude_code' },
    settingSources: ['user', 'project', 'local'],
    settings: SETTINGS,
    includePartialMessages: true,
    forwardSubagentText: true,
    // It tells when a message has entered the conversation.
    extraArgs: { 'replay-user-messages': null },
    ...(model === undefined ? {} : { model }),
    ...(mode === undefined ? {} : { permissionMode: mode }),
    ...(effort === undefined ? {} : { effort }),
    // Without this a running agent can never be switched to that mode; it changes nothing else.
    ...(canBypass(env, process.getuid?.()) ? { allowDangerouslySkipPermissions: true } : {}),
  };
}

function toConversationOptions(conversation: Conversation): Record<string, unknown> {
  switch (conversation.type) {
    case 'new':
      return { sessionId: conversation.id };
    case 'resume':
      return { resume: conversation.id };
    case 'branch': {
      const { id, from, upTo } = conversation;
      return {
        ...{ resume: from, forkSession: true, sessionId: id },
        ...(upTo === undefined ? {} : { resumeSessionAt: upTo }),
      };
    }
  }
}
