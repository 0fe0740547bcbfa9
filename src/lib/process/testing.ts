import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects garbage, and returns whether an object was among it. To be asked again: what a running function still holds is collected later. */
export function collected(of: WeakRef<object>): boolean {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return of.deref() === undefined;
}
