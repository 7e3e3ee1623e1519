import { isAppError, type AppError } from '@baton/protocol';

/** What the server refused, at the field it is about. */
export interface FieldErrors {
  folder?: string;
  agent?: string;
  model?: string;
  prompt?: string;
  form?: string;
}

const FIELDS: Record<string, keyof FieldErrors> = {
  cwd: 'folder',
  backend: 'agent',
  model: 'model',
  mode: 'model',
  effort: 'model',
  prompt: 'prompt',
};

export function toFieldErrors(error: unknown): FieldErrors {
  if (!isAppError(error)) return { form: 'The session was not created: the page failed. Try again.' };
  if (error.kind === 'backend-not-installed' || error.kind === 'backend-not-authenticated')
    return { agent: error.message };
  const fields = fromIssues(error);
  if (Object.keys(fields).length > 0) return fields;
  return isAboutFolder(error) ? { folder: error.message } : { form: error.message };
}

function fromIssues(error: AppError): FieldErrors {
  const errors: FieldErrors = {};
  for (const { path, message } of error.details.issues ?? []) {
    const field = FIELDS[path.split(/[.[]/)[0] ?? ''];
    if (field !== undefined) errors[field] ??= message;
  }
  return errors;
}

// A folder outside the allowed roots is refused as a whole request, not as a field of it.
function isAboutFolder(error: AppError): boolean {
  return (
    (error.kind === 'forbidden' || error.kind === 'not-found' || error.kind === 'invalid-input') &&
    /folder|cwd/i.test(error.message)
  );
}
