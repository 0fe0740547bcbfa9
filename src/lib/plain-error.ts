/**
 * Something that the operator can put right: the message says what and how, and is all that they are shown. Anything
 * else that is thrown is a bug, and shown with its stack.
 */
export class PlainError extends Error {
  override name = 'PlainError';
}
