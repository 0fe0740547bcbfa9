import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type ActionName, DELIVERED, keysOf, sayPress } from '../../features/keys/rules.ts';
import type { Keys } from '../../features/keys/types.ts';

/** The keys of who looks at the page. */
export const PersonsKeys = createContext<Keys>(keysOf(DELIVERED));

/** The person's key for an action, beside its words; shown once there is a script that hears it. */
export function Key({ action }: { action: ActionName }) {
  const press = useContext(PersonsKeys)[action];
  return press ? (
    <span aria-hidden="true">
      <kbd class="key">{sayPress(press)}</kbd>
    </span>
  ) : null;
}
