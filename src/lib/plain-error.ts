/**
 * A problem that the operator can solve: the message gives the problem and the remedy, and only it is shown. Any other error is a bug, and
 * is shown with its stack.
 */
export class PlainError extends Error {
  override name = 'PlainError';
}
