/** One input field of a purpose: what agents call it. */
type Fields = Readonly<Record<string, readonly string[]>>;

interface Purpose {
  /** Names agents give the tool, without case, dashes and underscores; the first that is offered is taken. */
  names: readonly string[];
  fields: Fields;
}

const PATH = ['file_path', 'filePath', 'path', 'absolute_path', 'target_file', 'dir_path', 'directory'];

/** What a scenario can ask for without knowing the agent. */
export const PURPOSES: Readonly<Record<string, Purpose>> = {
  run: {
    names: ['bash', 'shell', 'runshellcommand', 'execcommand', 'shellcommand', 'terminal', 'execute', 'run'],
    fields: {
      command: ['command', 'cmd', 'script'],
      timeout: ['timeout', 'timeout_ms'],
      background: ['run_in_background', 'is_background'],
    },
  },
  read: {
    names: ['read', 'readfile', 'view'],
    fields: { path: PATH, offset: ['offset', 'start_line'], limit: ['limit'] },
  },
  write: {
    names: ['write', 'writefile', 'createfile', 'create', 'applypatch'],
    fields: { path: PATH, content: ['content', 'contents', 'file_text', 'text'] },
  },
  edit: {
    names: ['edit', 'replace', 'editfile', 'strreplace', 'applypatch'],
    fields: {
      path: PATH,
      old: ['old_string', 'oldString', 'old_str', 'old_text', 'old'],
      new: ['new_string', 'newString', 'new_str', 'new_text', 'new'],
      all: ['replace_all', 'replaceAll'],
    },
  },
  list: { names: ['list', 'ls', 'listdirectory', 'listdir', 'readfolder'], fields: { path: ['path', ...PATH] } },
  search: {
    names: ['grep', 'search', 'searchfilecontent', 'grepsearch', 'greptool', 'rg'],
    fields: { pattern: ['pattern', 'query', 'regex'], path: ['path', ...PATH] },
  },
  find: { names: ['glob', 'find', 'findfiles'], fields: { pattern: ['pattern', 'glob'], path: ['path', ...PATH] } },
  ask: { names: ['askuserquestion', 'askuser', 'question', 'requestuserinput'], fields: { questions: ['questions'] } },
  plan: { names: ['exitplanmode', 'presentplan', 'exitplan'], fields: { plan: ['plan'] } },
  todo: {
    names: ['todowrite', 'todolist', 'todo', 'updateplan', 'writetodos'],
    fields: { todos: ['todos', 'entries', 'plan', 'items'] },
  },
  agent: {
    names: ['agent', 'task', 'subagent', 'invokeagent', 'spawnagent'],
    fields: {
      prompt: ['prompt', 'task', 'message'],
      description: ['description', 'title', 'task_name'],
      type: ['subagent_type', 'agent_type', 'agent_name', 'agent'],
      background: ['run_in_background'],
    },
  },
  fetch: { names: ['webfetch', 'fetch'], fields: { url: ['url'], prompt: ['prompt'] } },
};
