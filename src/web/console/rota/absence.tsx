import { daysAfter, isMoment } from '../../../features/service/rota/rules.ts';
import type { RotaEdit } from '../../../features/service/rota/types.ts';
import type { MessageKey } from '../../../lib/i18n/translate.ts';
import { TextInput } from '../../../ui/forms.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit } from '../visit.tsx';
import { DeskField, type EditPage, type Typed, type Wrong } from './edit.tsx';
import { dayAsked, formatAbsence } from './words.tsx';

const moment = (text: string): string => text.slice(0, 16);

/** The fields of an absence. */
export function AbsenceFields(props: { visit: DeskVisit; typed: Typed; wrong: Wrong }) {
  return (
    <>
      <DeskField {...props} />
      <AbsenceSpan {...props} />
    </>
  );
}

/** The hours of an absence, and its reason. */
export function AbsenceSpan(props: {
  visit: DeskVisit;
  typed: Typed;
  wrong: Wrong;
  /** Who sees the reason; by default the desk. */
  whyHint?: MessageKey;
}) {
  const { visit, typed, wrong, whyHint = 'rota.whyHint' } = props;
  const { t } = visit;
  return (
    <>
      {(['from', 'to'] as const).map((each) => (
        <TextInput
          key={each}
          name={each}
          type="datetime-local"
          label={t(`away.${each}`)}
          value={typed.text(each)}
          error={wrong(each)}
          short
        />
      ))}
      <TextInput
        name="why"
        label={t('away.why')}
        hint={t(whyHint)}
        value={typed.text('why')}
        error={wrong('why')}
        autocomplete="off"
      />
    </>
  );
}

/** Returns the typed absence, unchecked. */
export const absenceOf = (typed: Typed): Extract<RotaEdit, { kind: 'absence' }> => ({
  kind: 'absence',
  desk: Number(typed.text('desk')),
  why: typed.text('why').trim(),
  from: moment(typed.text('from')),
  to: moment(typed.text('to')),
});

/** `…/rota/absence`: an absence of a desk; with `?absence`, the early end of one. */
export const ABSENCE_PAGE: EditPage = {
  title: ({ t }, typed) => t(typed.text('absence') ? 'rota.back.title' : 'rota.absence.title'),

  fresh(visit, { absences }) {
    const { c } = visit;
    const asked = c.req.query('absence');
    if (asked !== undefined) {
      const found = absences.find((each) => `${each.id}` === asked);
      const { desk, from, to, why } = found ?? {};
      return found ? { absence: asked, desk: `${desk}`, from: from!, to: to!, why: why! } : null;
    }
    const day = dayAsked(visit);
    const from = `${day}T00:00`;
    const to = `${daysAfter(day, 1)}T00:00`;
    return { desk: c.req.query('desk') ?? '', from, to, why: '' };
  },

  edit(_visit, typed): RotaEdit {
    if (typed.text('absence')) {
      const at = moment(typed.text('at')) || null;
      return { kind: 'back', absence: Number(typed.text('absence')), at };
    }
    return absenceOf(typed);
  },

  fields(visit, typed, wrong) {
    const { t } = visit;
    if (typed.text('absence'))
      return (
        <>
          <p class="lead">{formatTyped(visit, typed)}</p>
          {typed.text('why') ? <p>{typed.text('why')}</p> : null}
          <p>{t('rota.back.text')}</p>
          <TextInput
            name="at"
            type="datetime-local"
            label={t('rota.back.at')}
            hint={t('rota.back.atHint')}
            value={typed.text('at')}
            error={wrong('at')}
            short
          />
          {['absence', 'desk', 'from', 'to', 'why'].map((each) => (
            <input key={each} type="hidden" name={each} value={typed.text(each)} />
          ))}
        </>
      );
    return <AbsenceFields visit={visit} typed={typed} wrong={wrong} />;
  },
};

function formatTyped(visit: DeskVisit, typed: Typed): string {
  const { desk, from, to } = absenceOf(typed);
  return [from, to].every(isMoment)
    ? formatAbsence(visit, { desk, from, to })
    : formatDesk(visit, desk);
}
