import { useContext } from 'preact/hooks';
import { ACTION_NAMES, ACTIONS, sayPress } from '../../features/keys/rules.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { PersonsKeys } from './key.tsx';

/** The list of all keys, of which the `console` island shows what the page has. Without a script it stays closed. */
export function KeysHelp({ t }: { t: Translate }) {
  const keys = useContext(PersonsKeys);
  return (
    <dialog id="keys-help" aria-labelledby="keys-title">
      <h2 id="keys-title">{t('keys.title')}</h2>
      <ul class="key-list">
        {ACTION_NAMES.map((name) => (
          <li key={name} data-for={name} data-press={keys[name]}>
            <span>{t(ACTIONS[name].words)}</span>{' '}
            <kbd>{sayPress(keys[name]) || t('keys.none')}</kbd>
          </li>
        ))}
      </ul>
    </dialog>
  );
}
