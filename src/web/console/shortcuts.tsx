import {
  ACTION_NAMES,
  ACTIONS,
  type Action,
  type ActionName,
  formatPress,
  type KeyMistake,
  readKeys,
  shortcutsOf,
  withAltShift,
} from '../../features/foundation/preferences/rules.ts';
import type { ShortcutsChoice } from '../../features/foundation/preferences/types.ts';
import type { Translate } from '../../lib/i18n/translate.ts';
import { BackLink, ErrorSummary, Notice } from '../../ui/parts.tsx';
import { readForm } from '../form.ts';
import { WeekKeys } from './help.tsx';
import type { SignedInVisit, StaffDeps } from './visit.tsx';

type Typed = Record<ActionName, string>;
type Mistakes = Partial<Record<ActionName, KeyMistake>>;

const PLACES: readonly Action['place'][] = [
  'everywhere',
  'day',
  'call',
  'appointment',
  'case',
  'coordination',
];

/** `/staff/keys`: the keys of this person's actions. */
export function keysPage(deps: StaffDeps) {
  const save = async (visit: SignedInVisit, choice: ShortcutsChoice) => {
    await deps.preferences.chooseKeys(visit.session.staff, choice);
    return visit.redirect('/staff/keys?done=1');
  };

  return {
    get: (visit: SignedInVisit) => {
      const keys = shortcutsOf({ ...visit.preferences.keys, isOff: false });
      return show(
        visit,
        eachAction((name) => formatPress(keys[name])),
      );
    },
    post: async (visit: SignedInVisit) => {
      const form = await readForm(visit.c);
      const { keys } = visit.preferences;
      switch (form.text('do')) {
        case 'off':
          return save(visit, { ...keys, isOff: true });
        case 'on':
          return save(visit, { ...keys, isOff: false });
        case 'alt':
          return save(visit, { isOff: false, own: withAltShift() });
        case 'delivered':
          return save(visit, { isOff: false, own: {} });
      }
      const typed = eachAction((name) => form.text(`key-${name}`).slice(0, LONGEST_PRESS));
      const read = readKeys(typed);
      return read.ok ? save(visit, { ...keys, own: read.own }) : show(visit, typed, read.mistakes);
    },
  };
}

function show(visit: SignedInVisit, typed: Typed, mistakes: Mistakes = {}) {
  const { t, c, preferences } = visit;
  const problems = ACTION_NAMES.flatMap((name) => {
    const mistake = mistakes[name];
    const text = mistake && `${t(ACTIONS[name].words)}: ${formatMistake(t, mistake, typed[name])}`;
    return text ? [{ href: `#key-${name}`, text }] : [];
  });
  const isWrong = problems.length > 0;
  return visit.show(
    { title: t('shortcuts.title'), ...(isWrong && { status: 422 as const, hasErrors: true }) },
    <>
      <BackLink href="/console">{t('shortcuts.back')}</BackLink>
      <ErrorSummary title={t('staff.error.title')} problems={problems} />
      {c.req.query('done') && !isWrong ? (
        <div role="status" id="done" tabIndex={-1} autofocus>
          <Notice kind="good">{t('shortcuts.done')}</Notice>
        </div>
      ) : null}
      <h1>{t('shortcuts.title')}</h1>
      <p>{t('shortcuts.lead')}</p>
      <p>{t('shortcuts.how')}</p>
      {preferences.keys.isOff ? <Notice kind="warn">{t('shortcuts.off.text')}</Notice> : null}
      <form method="post" class="keys-form">
        {PLACES.map((place) => (
          <PlaceKeys key={place} t={t} place={place} typed={typed} mistakes={mistakes} />
        ))}
        <p class="row">
          <button type="submit" name="do" value="save" class="button">
            {t('shortcuts.save')}
          </button>
          <Change t={t} to={preferences.keys.isOff ? 'on' : 'off'} />
          <Change t={t} to="alt" />
          <Change t={t} to="delivered" />
        </p>
      </form>
      <h2>{t('shortcuts.fixed')}</h2>
      <WeekKeys t={t} />
    </>,
  );
}

const LONGEST_PRESS = 30;

const eachAction = (of: (name: ActionName) => string) =>
  Object.fromEntries(ACTION_NAMES.map((name) => [name, of(name)])) as Typed;

function formatMistake(t: Translate, mistake: KeyMistake, typed: string): string {
  return mistake.reason === 'taken'
    ? t('shortcuts.wrong.taken', { key: typed.toUpperCase(), action: t(ACTIONS[mistake.by].words) })
    : t(`shortcuts.wrong.${mistake.reason}`, { key: typed });
}

function Change({ t, to }: { t: Translate; to: 'on' | 'off' | 'alt' | 'delivered' }) {
  return (
    <button type="submit" name="do" value={to} class="button quiet">
      {t(`shortcuts.change.${to}`)}
    </button>
  );
}

function PlaceKeys(props: {
  t: Translate;
  place: Action['place'];
  typed: Typed;
  mistakes: Mistakes;
}) {
  const { t, place, typed, mistakes } = props;
  const names = ACTION_NAMES.filter((name) => ACTIONS[name].place === place);
  if (names.length === 0) return null;
  return (
    <fieldset class="key-rows">
      <legend>
        <h2>{t(`shortcuts.place.${place}`)}</h2>
      </legend>
      {names.map((name) => {
        const id = `key-${name}`;
        const mistake = mistakes[name];
        return (
          <div key={name} class={mistake ? 'field wrong' : 'field'}>
            <label for={id}>{t(ACTIONS[name].words)}</label>
            {mistake ? (
              <p class="mend" id={`${id}-error`}>
                {formatMistake(t, mistake, typed[name])}
              </p>
            ) : null}
            <input
              type="text"
              id={id}
              name={id}
              value={typed[name]}
              maxlength={LONGEST_PRESS}
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              aria-invalid={mistake ? 'true' : undefined}
              aria-describedby={mistake ? `${id}-error` : undefined}
            />
          </div>
        );
      })}
    </fieldset>
  );
}
