import type {
  ConnectionChoice,
  ConnectionDraft,
  ConnectionMistakes,
} from '../../../features/service/calendars/service.ts';
import { Checkboxes, SelectField, TextInput } from '../../../ui/forms.tsx';
import type { ProblemLink } from '../../../ui/parts.tsx';
import type { Form } from '../../form.ts';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';

/** Returns what is chosen in a form. */
export function choiceIn(form: Form): ConnectionChoice {
  const chosen = form.all('choice');
  return {
    reads: chosen.includes('reads'),
    writes: chosen.includes('writes'),
    names: chosen.includes('names'),
  };
}

export const draftIn = (form: Form, desk: string | null): ConnectionDraft => ({
  ...choiceIn(form),
  desk,
  address: form.text('address'),
  username: form.text('username'),
  password: form.text('password'),
});

export const FRESH: ConnectionDraft = {
  desk: null,
  address: '',
  username: '',
  password: '',
  reads: true,
  writes: false,
  names: false,
};

/** Returns the mistakes in words, by field. */
export function wordsOf({ t }: Pick<DeskVisit, 't'>, mistakes: ConnectionMistakes) {
  const { address, username, password, choice, server } = mistakes;
  return {
    address: address
      ? t(`calendars.wrong.address.${address}`)
      : server && t(`calendars.wrong.server.${server}`),
    username: username && t(`calendars.wrong.username.${username}`),
    password: password && t(`calendars.wrong.password.${password}`),
    choice: choice && t('calendars.wrong.choice'),
  };
}

/** Returns them for the summary on top. */
export const problemsOf = (visit: DeskVisit, mistakes: ConnectionMistakes): ProblemLink[] =>
  Object.entries(wordsOf(visit, mistakes)).flatMap(([name, text]) =>
    text ? [{ href: `#${name}`, text }] : [],
  );

/** The desk whose calendar it is. */
export function DeskField(props: {
  visit: DeskVisit;
  chosen: string | null;
  error: string | undefined;
}) {
  const { visit, chosen, error } = props;
  const { t, office } = visit;
  return (
    <SelectField name="desk" label={t('calendars.desk')} error={error}>
      {office.desks.map((each) => (
        <option key={each.code} value={each.code} selected={each.code === chosen}>
          {formatDesk(visit, each.id)}
        </option>
      ))}
    </SelectField>
  );
}

/** The address and the account of a calendar. The password is never shown again. */
export function AccountFields(props: {
  visit: DeskVisit;
  draft: ConnectionDraft;
  mistakes: ConnectionMistakes;
}) {
  const { visit, draft, mistakes } = props;
  const { t } = visit;
  const wrong = wordsOf(visit, mistakes);
  return (
    <>
      <TextInput
        name="address"
        type="text"
        label={t('calendars.address')}
        hint={t('calendars.address.hint')}
        error={wrong.address}
        value={draft.address}
        autocomplete="off"
        spellcheck={false}
      />
      <TextInput
        name="username"
        label={t('calendars.username')}
        error={wrong.username}
        value={draft.username}
        autocomplete="off"
        spellcheck={false}
      />
      <PasswordField visit={visit} error={wrong.password} />
    </>
  );
}

export function PasswordField(props: { visit: DeskVisit; error: string | undefined }) {
  const { t } = props.visit;
  return (
    <TextInput
      name="password"
      type="password"
      label={t('calendars.password')}
      hint={t('calendars.password.hint')}
      error={props.error}
      autocomplete="new-password"
    />
  );
}

/** What the calendar takes and is given. Names only where the office allows them. */
export function ChoiceField(props: {
  visit: DeskVisit;
  choice: ConnectionChoice;
  error: string | undefined;
}) {
  const { visit, choice, error } = props;
  const { t, office } = visit;
  const mayName = office.settings.calendars.citizens === 'chosen';
  const keys = ['reads', 'writes', ...(mayName ? (['names'] as const) : [])] as const;
  return (
    <Checkboxes
      name="choice"
      label={t('calendars.choice')}
      error={error}
      values={keys.filter((each) => choice[each])}
      options={keys.map((value) => ({
        value,
        label: t(`calendars.choice.${value}`),
        hint: t(`calendars.choice.${value}.hint`),
      }))}
    />
  );
}
