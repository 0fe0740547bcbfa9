import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import {
  type ActionName,
  DELIVERED,
  formatPress,
  shortcutsOf,
} from '../../features/foundation/preferences/rules.ts';
import type { Shortcuts } from '../../features/foundation/preferences/types.ts';

/** The keys of the page's viewer. */
export const PersonsShortcuts = createContext<Shortcuts>(shortcutsOf(DELIVERED));

/** The person's key for an action, beside its words; shown once a script handles it. */
export function Key({ action }: { action: ActionName }) {
  const press = useContext(PersonsShortcuts)[action];
  return press ? (
    <span aria-hidden="true">
      <kbd class="key">{formatPress(press)}</kbd>
    </span>
  ) : null;
}
