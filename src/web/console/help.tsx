import { useContext } from 'preact/hooks';
import { ACTION_NAMES, ACTIONS, formatPress } from '../../features/foundation/preferences/rules.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { PersonsShortcuts } from './key.tsx';

/**
 * The list of all keys. The `console` island shows the keys of the page, and takes its key table from
 * this list.
 * Without a script it stays closed, and the link that opens it leads to the same list on a page.
 */
export function KeysHelp({ t }: { t: Translate }) {
  const keys = useContext(PersonsShortcuts);
  const isOff = ACTION_NAMES.every((name) => keys[name] === '');
  return (
    <>
      {/* The second keys, while the island waits for one of them. */}
      <div role="status" id="keys-pairs" aria-label={t('shortcuts.pairs')} />
      <dialog id="keys-help" class="panel" aria-labelledby="keys-title">
        <h2 id="keys-title" tabIndex={-1} autofocus>
          {t('shortcuts.here')}
        </h2>
        {isOff ? <p>{t('shortcuts.off.text')}</p> : null}
        <ul class="key-list">
          {ACTION_NAMES.map((name) => (
            <li key={name} data-for={name} data-press={keys[name]}>
              <span>{t(ACTIONS[name].words)}</span>{' '}
              {keys[name] ? (
                <kbd>{formatPress(keys[name])}</kbd>
              ) : (
                <span class="soft">{t('shortcuts.none')}</span>
              )}
            </li>
          ))}
        </ul>
        <div data-with="[role=grid]">
          <WeekKeys t={t} />
        </div>
        <form method="dialog" class="row">
          <button type="submit" class="button">
            {t('shortcuts.close')}
          </button>
          <button type="button" class="button quiet" data-action="palette">
            {t('shortcuts.palette.title')}
          </button>
          <a href="/staff/keys">{t('shortcuts.change.mine')}</a>
        </form>
      </dialog>
    </>
  );
}

/** The keys for moving in the week of the rota: they are the same for everybody. */
export function WeekKeys({ t }: { t: Translate }) {
  return (
    <>
      <h3>{t('shortcuts.week.title')}</h3>
      <ul class="key-list">
        {(['move', 'open', 'ends', 'turn'] as const).map((each) => (
          <li key={each}>
            <span>{t(`shortcuts.week.${each}`)}</span> <kbd>{t(`shortcuts.week.${each}.keys`)}</kbd>
          </li>
        ))}
      </ul>
    </>
  );
}

/** The command palette; the island fills it with the links and actions of the page, and with what the office has: see `findPage`. */
export function Palette({ t, office }: { t: Translate; office: string | undefined }) {
  return (
    <dialog
      id="palette"
      class="panel"
      data-more={office && `/console/${office}/find`}
      aria-labelledby="palette-label"
      data-list={t('shortcuts.palette.title')}
      data-count={t('shortcuts.palette.count', { count: '#' })}
      data-none={t('shortcuts.palette.nothing')}
      data-search={t('shortcuts.palette.search', { text: '#' })}
    >
      <label for="palette-text" id="palette-label">
        {t('shortcuts.palette.label')}
      </label>
      <input
        type="text"
        id="palette-text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-autocomplete="list"
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
      />
      <div id="palette-list" />
      <p id="palette-told" class="small soft" role="status" />
    </dialog>
  );
}
