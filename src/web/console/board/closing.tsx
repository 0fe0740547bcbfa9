import { addressOf } from '../../../features/foundation/notices/rules.ts';
import type { RotaPlan } from '../../../features/service/rota/service.ts';
import type { Affected, RotaEdit } from '../../../features/service/rota/types.ts';
import { Tag } from '../../../ui/parts.tsx';
import { AbsenceSpan, absenceOf } from '../rota/absence.tsx';
import { formatHours } from '../rota/words.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { ActionForm, AffectedLine, consequencesFirst, showConsequences } from './consequences.tsx';

type CloseEdit = Extract<RotaEdit, { kind: 'close' }>;

/** `…/close`: the hours in which the whole office is closed; then the consequences; then the action. */
export const closePage = (deps: StaffDeps) =>
  consequencesFirst<CloseEdit>(deps, {
    title: 'freeNow.close.title',
    lead: 'freeNow.close.lead',
    Fields: (fields) => <AbsenceSpan {...fields} whyHint="freeNow.close.whyHint" />,
    read: (form) => {
      const { from, to, why } = absenceOf(form);
      return { kind: 'close', from, to, why };
    },
    showPlan,
    resultOf: ({ change }) => `closing/${change}`,
  });

/** Who is told how. */
const WAYS = ['email', 'sms', 'nobody'] as const;
const wayOf = ({ appointment }: Affected) =>
  addressOf(appointment.citizen, appointment.noticesBy)?.channel ?? 'nobody';

/** Shows who loses their hour, who is here already, and how each is told, in advance. */
function showPlan(
  visit: DeskVisit,
  edit: CloseEdit,
  { affected, digest, isNothing }: RotaPlan,
  changed?: string,
): Response {
  const { t } = visit;
  const { from, to, why } = edit;
  const isHere = ({ appointment }: Affected) => appointment.status === 'arrived';
  return showConsequences(
    visit,
    { title: t('freeNow.close.plan'), lead: formatHours(visit, edit), changed },
    <>
      <Consequences visit={visit} affected={affected} />
      <People visit={visit} title={t('freeNow.close.here')} some={affected.filter(isHere)} />
      <People
        visit={visit}
        title={t('freeNow.close.ring')}
        some={affected.filter((each) => wayOf(each) === 'nobody' && !isHere(each))}
      />
      <People
        visit={visit}
        title={t('freeNow.close.others')}
        some={affected.filter((each) => wayOf(each) !== 'nobody' && !isHere(each))}
      />
      {isNothing ? (
        <p>{t('freeNow.close.already')}</p>
      ) : (
        <ActionForm visit={visit} fields={{ from, to, why, digest }} kind="grave">
          {t('freeNow.close.submit')}
        </ActionForm>
      )}
    </>,
  );
}

function Consequences({
  visit: { t },
  affected,
}: Pick<RotaPlan, 'affected'> & { visit: DeskVisit }) {
  const byWay = Map.groupBy(affected, wayOf);
  return (
    <ul>
      <li>{t('freeNow.close.bookings')}</li>
      <li>{t('freeNow.close.running')}</li>
      <li>{t('freeNow.close.lose', { count: affected.length })}</li>
      {WAYS.flatMap((way) => {
        const count = byWay.get(way)?.length ?? 0;
        return count > 0 ? [<li key={way}>{t(`freeNow.close.told.${way}`, { count })}</li>] : [];
      })}
      <li>{t('freeNow.close.undo')}</li>
    </ul>
  );
}

function People(props: { visit: DeskVisit; title: string; some: readonly Affected[] }) {
  const { visit, title, some } = props;
  if (some.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <ul class="unmarked">
        {some.map((each) => (
          <AffectedLine key={each.appointment.id} visit={visit} affected={each}>
            {each.appointment.citizen.phone ? (
              <span class="figures"> · {each.appointment.citizen.phone}</span>
            ) : null}
            {each.appointment.status === 'arrived' ? (
              <>
                {' '}
                <Tag kind="now">{visit.t('staff.status.arrived')}</Tag>
              </>
            ) : null}
          </AffectedLine>
        ))}
      </ul>
    </>
  );
}
