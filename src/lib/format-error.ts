import { withSourcePlaces } from './log/source-places.ts';

/** An error in the form that a log may keep. */
export interface SaidError {
  name: string;
  code?: string;
  message?: string;
  /** The place of the throw. */
  at?: string;
}

/** PostgreSQL's SQLSTATE: five digits and capitals. */
const SQLSTATE = /^[0-9A-Z]{5}$/;

/**
 * Returns the part of an error that a log may keep. The database's errors may quote a row with personal data in their message and detail,
 * so of them only the code is kept; of others the message and the place.
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
    ...(at.length > 0 && { at: withSourcePlaces(at.map((line) => line.trim()).join('\n')) }),
  };
}
