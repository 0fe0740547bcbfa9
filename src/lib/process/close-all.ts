/**
 * Takes these steps one after the other, each also when one before it has failed, so that what belongs to a process or a town doesn't stay behind.
 * @throws the error of the step that failed; of several a SuppressedError, which names the last one and the one before
 */
export async function closeAll(...steps: readonly (() => unknown)[]): Promise<void> {
  const stack = new AsyncDisposableStack();
  for (const step of steps.toReversed()) stack.defer(async () => void (await step()));
  await stack.disposeAsync();
}
