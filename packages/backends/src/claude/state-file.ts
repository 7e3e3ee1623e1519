import { z } from 'zod';

const projectSchema = z.object({
  mcpServers: z.unknown().optional(),
  enabledMcpjsonServers: z.unknown().optional(),
  disabledMcpjsonServers: z.unknown().optional(),
});

/** Of the file in which Claude Code notes all sorts of things: what decides how a session begins. */
export const claudeStateSchema = z.object({
  /** Servers of the user, for all folders. */
  mcpServers: z.unknown().optional(),
  oauthAccount: z.unknown().optional(),
  /** Servers of the user's account that were ever connected to. */
  claudeAiMcpEverConnected: z.unknown().optional(),
  /** Whether each session can be used from elsewhere, from its start on. */
  remoteControlAtStartup: z.unknown().optional(),
  autoUploadSessions: z.unknown().optional(),
  /** By the folder, or that of the repository. */
  projects: z.record(z.string(), projectSchema).optional(),
});
export type ClaudeState = z.infer<typeof claudeStateSchema>;
