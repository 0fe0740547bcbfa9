import { localMinute } from '../../../domain/rota.ts';
import type { RotaPlan } from '../../../features/service/rota/service.ts';
import type {
  Affected,
  EnteredAbsence,
  Outcome,
  RotaEdit,
} from '../../../features/service/rota/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice, Tag, type TagKind } from '../../../ui/parts.tsx';
import { formatDesk } from '../desk-name.tsx';
import { AbsenceFields, absenceOf } from '../rota/absence.tsx';
import { formatAbsence } from '../rota/words.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { ActionForm, AffectedLine, consequencesFirst, showConsequences } from './consequences.tsx';

type AbsenceEdit = Extract<RotaEdit, { kind: 'absence' }>;

/** `…/desk-away`: the desk and the span; then the consequences; then the action. It is the rota's absence, from the board. */
export const deskAwayPage = (deps: StaffDeps) =>
  consequencesFirst<AbsenceEdit>(deps, {
    title: 'away.title',
    lead: 'away.lead',
    Fields: AbsenceFields,
    read: absenceOf,
    showPlan,
    resultOf: ({ absence }) => `desk-away/${absence}`,
  });

/** Shows the consequences in advance. */
function showPlan(
  visit: DeskVisit,
  edit: AbsenceEdit,
  { affected, digest }: RotaPlan,
  changed?: string,
): Response {
  const { t } = visit;
  const { desk, from, to, why } = edit;
  const kept = affected.filter((each) => each.to !== null);
  const lost = affected.filter((each) => each.to === null);
  const title = t('away.plan', { desk: formatDesk(visit, desk) });
  return showConsequences(
    visit,
    { title, lead: formatAbsence(visit, edit), changed },
    <>
      {affected.length === 0 ? <p>{t('away.nobody')}</p> : null}
      <Resolutions
        visit={visit}
        title={t('away.kept', { count: kept.length })}
        text={t('away.keptText')}
        affected={kept}
      />
      <Resolutions
        visit={visit}
        title={t('away.lost', { count: lost.length })}
        text={t('away.lostText')}
        affected={lost}
      />
      <ActionForm visit={visit} fields={{ desk: `${desk}`, from, to, why, digest }}>
        {t('away.submit')}
      </ActionForm>
    </>,
  );
}

interface ResolutionsProps {
  visit: DeskVisit;
  title: string;
  text: string;
  affected: readonly Affected[];
}

function Resolutions({ visit, title, text, affected }: ResolutionsProps) {
  if (affected.length === 0) return null;
  return (
    <>
      <h2>{title}</h2>
      <p class="soft">{text}</p>
      <ul class="unmarked">
        {affected.map((each) => (
          <AffectedLine key={each.appointment.id} visit={visit} affected={each}>
            {each.to === null ? null : <> → {formatDesk(visit, each.to)}</>}
          </AffectedLine>
        ))}
      </ul>
    </>
  );
}

/** `…/desk-away/:absence`: the result, and the button that brings the desk back. */
export function absencePage(deps: StaffDeps) {
  const find = async ({ c, viewer, office }: DeskVisit) => {
    const id = c.req.param('absence') ?? '';
    return /^\d{1,10}$/.test(id) ? deps.rota.absence(viewer, office, Number(id)) : null;
  };
  return {
    get: async (visit: DeskVisit) => {
      const found = await find(visit);
      if (!found) return visit.c.notFound();
      const { t, base, office, now, c } = visit;
      const { absence, outcomes } = found;
      const title = t('away.plan', { desk: formatDesk(visit, absence.desk) });
      const isOver = absence.to <= localMinute(now, office.timeZone);
      return visit.show(
        { title },
        <>
          <BackLink href={`${base}/board`}>{t('board.title')}</BackLink>
          <h1>{title}</h1>
          {c.req.query('done') === 'back' ? <Notice kind="good">{t('away.isBack')}</Notice> : null}
          <p class="lead">{formatAbsence(visit, absence)}</p>
          {absence.why ? <p>{absence.why}</p> : null}
          <h2>{t('away.done')}</h2>
          {outcomes.length === 0 ? <p>{t('away.nobody')}</p> : null}
          <ul class="unmarked">
            {outcomes.map((each) => (
              <OutcomeLine key={each.appointment.id} visit={visit} outcome={each} />
            ))}
          </ul>
          {isOver ? null : <BackForm visit={visit} absence={absence} />}
        </>,
      );
    },

    post: async (visit: DeskVisit) => {
      const found = await find(visit);
      if (!found) return visit.c.notFound();
      const { viewer, office, base } = visit;
      const { id, from } = found.absence;
      const back: RotaEdit = { kind: 'back', absence: id, at: null };
      const planned = await deps.rota.plan(viewer, office, back);
      if (planned.ok) {
        const { digest } = planned.plan;
        await deps.rota.save(viewer, office, back, { digest, resolutions: new Map() });
      }
      // An absence that hadn't begun is removed completely.
      const isGone = from >= localMinute(visit.now, office.timeZone);
      return visit.redirect(isGone ? `${base}/board` : `${base}/desk-away/${id}?done=back`);
    },
  };
}

export function OutcomeLine({ visit, outcome }: { visit: DeskVisit; outcome: Outcome }) {
  const { dates, base } = visit;
  const { id, start, citizen } = outcome.appointment;
  const [kind, words] = stateOf(visit, outcome);
  return (
    <li>
      <Tag kind={kind}>{words}</Tag>{' '}
      <span class="figures">
        {dates.briefDay(start)} {dates.time(start)}
      </span>{' '}
      <a href={`${base}/appointment/${id}`}>{citizen.name}</a>
    </li>
  );
}

/** Returns the state of an appointment that lost its desk, as a tag. */
function stateOf(visit: DeskVisit, { appointment, desk, now }: Outcome): [TagKind, string] {
  const { t } = visit;
  const current = formatDesk(visit, appointment.desk);
  if (now === 'waits') return ['warn', t('away.waits')];
  if (now === 'left') return ['bad', t('rota.now.left', { desk: current })];
  const isGiven = now !== 'moved' && appointment.desk !== desk;
  return ['good', isGiven ? current : t('away.answered')];
}

function BackForm({ visit, absence }: { visit: DeskVisit; absence: EnteredAbsence }) {
  const { t, base } = visit;
  return (
    <section class="stack" aria-labelledby="back">
      <h2 id="back">{t('away.back')}</h2>
      <p>{t('away.backText')}</p>
      <form method="post" action={`${base}/desk-away/${absence.id}`} class="row">
        <button type="submit" class="button quiet">
          {t('away.back')}
        </button>
        <ButtonLink kind="quiet" href={`${base}/board`}>
          {t('board.back')}
        </ButtonLink>
      </form>
    </section>
  );
}
