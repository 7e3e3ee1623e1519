import { askUserTool } from './ask-user.ts';
import { editFileTool } from './edit-file.ts';
import { listFolderTool } from './list-folder.ts';
import { presentPlanTool } from './present-plan.ts';
import { readFileTool } from './read-file.ts';
import { runCommandTool } from './run-command.ts';
import { searchTextTool } from './search-text.ts';
import { todoTool } from './todo.ts';
import type { WorkerTool } from './tool.ts';
import { writeFileTool } from './write-file.ts';

export const TOOLS: readonly WorkerTool[] = [
  readFileTool,
  listFolderTool,
  searchTextTool,
  editFileTool,
  writeFileTool,
  runCommandTool,
  todoTool,
  askUserTool,
  presentPlanTool,
];
