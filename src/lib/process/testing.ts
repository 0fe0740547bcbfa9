import { collectGarbage } from './spare-memory.ts';

/** Collects garbage, and returns whether an object was among it. To be asked again: what a running function still holds is collected later. */
export function collected(of: WeakRef<object>): boolean {
  collectGarbage('regular');
  return of.deref() === undefined;
}
