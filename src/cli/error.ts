import { PlainError } from '../lib/plain-error.ts';

/** Said to the operator as it stands. */
export class CommandError extends PlainError {
  override name = 'CommandError';
}
