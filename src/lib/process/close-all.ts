/**
 * Runs these steps one after the other. A step that fails doesn't keep the later ones from running, so nothing stays open.
 * @throws the error of the step that failed; of several a SuppressedError, which names the last one and the one before
 */
export async function closeAll(...steps: readonly (() => unknown)[]): Promise<void> {
  const stack = new AsyncDisposableStack();
  for (const step of steps.toReversed()) stack.defer(async () => void (await step()));
  await stack.disposeAsync();
}
