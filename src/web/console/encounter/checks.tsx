import type { Appointment } from '../../../domain/appointment.ts';
import { codesOf } from '../../../domain/office/bundle.ts';
import type { Procedure } from '../../../domain/office/types.ts';
import {
  bookedPoints,
  checklistOf,
  listedProcedures,
} from '../../../features/service/encounter/rules.ts';
import type { CheckPoint, Tick } from '../../../features/service/encounter/types.ts';
import { textIn } from '../../../lib/i18n/languages.ts';
import { Say } from '../../../ui/parts.tsx';
import type { Form } from '../../form.ts';
import { Key } from '../key.tsx';
import type { DeskVisit } from '../visit.tsx';
import { procedureName } from '../words.ts';
import type { TypedDraft } from './draft.ts';

interface ChecksProps {
  visit: DeskVisit;
  booked: Booked;
  draft: TypedDraft;
}

/** What was booked. */
export interface Booked {
  /** Codes of the procedures. */
  procedures: readonly string[];
  isOnBehalf: boolean;
}

export const bookedOf = (
  appointment: Pick<Appointment, 'procedure' | 'further' | 'onBehalfOf'>,
): Booked => ({
  procedures: codesOf(appointment),
  isOnBehalf: appointment.onBehalfOf !== null,
});

/** Returns what was booked, from the form's fields. */
export const bookedIn = (form: Pick<Form, 'text'>): Booked => ({
  procedures: form.text('booked').split(' ').slice(0, MOST_BOOKED),
  isOnBehalf: form.text('behalf') === '1',
});

/** More procedures than an appointment may have. */
const MOST_BOOKED = 20;

/** The check-lists of the booked procedures and of the noted ones. */
export function Checks({ visit, booked, draft }: ChecksProps) {
  const { office } = visit;
  const { isOnBehalf } = booked;
  const codes = listedProcedures(booked.procedures, draft.items);
  const pointsOf = (procedure: Procedure): CheckPoint[] => {
    const points = checklistOf(procedure);
    const isBooked = booked.procedures.includes(procedure.code);
    return isBooked ? bookedPoints(points, { isOnBehalf, ticked: draft.points }) : points;
  };
  const lists = codes
    .flatMap((code) => office.procedure(code) ?? [])
    .map((procedure) => ({ procedure, points: pointsOf(procedure) }))
    .filter(({ points }) => points.length > 0);
  return (
    <div id="checks" class="stack">
      <input type="hidden" name="booked" value={booked.procedures.join(' ')} />
      <input type="hidden" name="behalf" value={isOnBehalf ? '1' : ''} />
      {lists.map(({ procedure, points }) => (
        <CheckList
          key={procedure.code}
          visit={visit}
          code={procedure.code}
          points={points}
          ticked={draft.points}
        />
      ))}
    </div>
  );
}

function CheckList(props: {
  visit: DeskVisit;
  code: string;
  points: readonly CheckPoint[];
  ticked: readonly string[];
}) {
  const { visit, code, points, ticked } = props;
  const { t, office } = visit;
  return (
    <fieldset class="checks">
      <legend class="legend">
        {t('attending.checks.title', { procedure: procedureName(t, office, code) })}{' '}
        <Key action="tick" />
      </legend>
      {points.map((each) => (
        <div class="choice" key={each.point}>
          <input
            type="checkbox"
            id={idOf(each.point)}
            name="points"
            value={each.point}
            data-action="tick"
            checked={ticked.includes(each.point)}
          />
          <label for={idOf(each.point)}>
            <Say of={each.name} t={t} />
            {each.isOnlyOnBehalf ? ` (${t('staff.documents.onlyOnBehalf')})` : ''}
            {each.kind === 'document' && each.isOptional
              ? ` (${t('staff.documents.optional')})`
              : ''}
            {each.kind === 'step' && !each.isOptional ? (
              <b class="small"> {t('attending.checks.required')}</b>
            ) : null}
            {each.note ? <span class="soft small"> {textIn(each.note, t.language)}</span> : null}
          </label>
        </div>
      ))}
    </fieldset>
  );
}

/** Returns the id of a point's box. */
export const idOf = (point: string): string => `point-${point.replaceAll('/', '-')}`;

/**
 * The ticked points, with the person and the time; a point that the town file no longer has appears as
 * its code.
 */
export function Ticked({ visit, ticks }: { visit: DeskVisit; ticks: readonly Tick[] }) {
  const { t, dates } = visit;
  if (ticks.length === 0) return null;
  return (
    <>
      <h3>{t('attending.checks.ticked')}</h3>
      <ul>
        {ticks.map((each) => (
          <li key={each.point}>
            {formatPoint(visit, each.point)}{' '}
            <span class="soft small">
              ({each.who ? `${each.who}, ` : ''}
              {dates.time(each.at)})
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

export function formatPoint({ t, office }: DeskVisit, point: string): string {
  const [code = '', , last = ''] = point.split('/');
  const procedure = office.procedure(code);
  const known = procedure && checklistOf(procedure).find((each) => each.point === point);
  return known ? textIn(known.name, t.language) || last : last;
}
