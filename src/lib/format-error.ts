/** An error as a log may keep it. */
export interface SaidError {
  name: string;
  code?: string;
  message?: string;
  /** Where it was thrown. */
  at?: string;
}

/** PostgreSQL's SQLSTATE: five digits and capitals. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * What a log may keep of an error. The database's own may quote a row in their message and their detail, a person's with it,
 * so of those there is the code alone; of others the message, and where they come from.
 */
export function formatError(error: unknown): SaidError {
  if (!(error instanceof Error)) return { name: typeof error };
  const { name, message, stack = '' } = error;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const at = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name,
    ...(code !== undefined && { code }),
    ...(!SQLSTATE.test(code ?? '') && { message }),
    ...(at.length > 0 && { at: at.map((line) => line.trim()).join('\n') }),
  };
}
