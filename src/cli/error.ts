import { PlainError } from '../lib/plain-error.ts';

/** An error whose message the operator sees unchanged. */
export class CommandError extends PlainError {
  override name = 'CommandError';
}
