/** Said to the operator as it stands; anything else that is thrown is a bug. */
export class CommandError extends Error {
  override name = 'CommandError';
}
