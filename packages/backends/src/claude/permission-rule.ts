import { type PermissionUpdate, permissionUpdateSchema } from './wire.ts';

const RULE_CHARS = 64;

export interface AlwaysOption {
  id: string;
  title: string;
  updates: readonly PermissionUpdate[];
}

/**
 * The agent's suggestions as options. Rules and folders belong together, because a rule alone may not cover the call it
 * was suggested for; a change of mode is a choice of its own.
 */
export function toAlwaysOptions(suggestions: readonly unknown[]): AlwaysOption[] {
  const updates = suggestions
    .map((suggestion) => permissionUpdateSchema.safeParse(suggestion))
    .flatMap((parsed) => (parsed.success ? [parsed.data] : []));
  const modes = updates.filter((one) => one.type === 'setMode');
  const rules = updates.filter(
    (one) => one.type !== 'setMode' && !(one.type === 'addRules' && one.behavior !== 'allow'),
  );
  const options = modes.map((mode) => ({ id: `mode-${mode.mode}`, title: toModeTitle(mode.mode), updates: [mode] }));
  if (rules.length === 0) return options;
  return [
    { id: 'always', title: `Always allow ${rules.map(toWords).join(', and ')}`, updates: rules.flatMap(withSession) },
    ...options,
  ];
}

// Older versions save a rule and go on asking until a later start, unless it is given for the session too.
function withSession(update: PermissionUpdate): PermissionUpdate[] {
  const isSaved = update.type === 'addRules' && update.destination !== 'session';
  return isSaved ? [update, { ...update, destination: 'session' }] : [update];
}

function toModeTitle(mode: string): string {
  return mode === 'acceptEdits' ? 'Allow all edits for this session' : `Switch to mode "${mode}" for this session`;
}

function toWords(update: PermissionUpdate): string {
  if (update.type === 'addRules') return `${update.rules.map(toRule).join(', ')} ${toScope(update.destination)}`;
  if (update.type === 'addDirectories')
    return `work in ${update.directories.join(', ')} ${toScope(update.destination)}`;
  return `mode "${update.mode}"`;
}

function toRule({ toolName, ruleContent }: { toolName: string; ruleContent?: string | undefined }): string {
  if (ruleContent === undefined || ruleContent === '') return toolName;
  // The whole command stands above the options; here its beginning tells which rule is meant.
  const shown = ruleContent.length > RULE_CHARS ? `${ruleContent.slice(0, RULE_CHARS - 1)}…` : ruleContent;
  return toolName === 'Bash' ? `\`${shown}\`` : `${toolName} \`${shown}\``;
}

function toScope(destination: string): string {
  switch (destination) {
    case 'localSettings':
      return 'in this project';
    case 'projectSettings':
      return 'in this project, for everybody';
    case 'userSettings':
      return 'in all projects';
    default:
      return 'for this session';
  }
}
