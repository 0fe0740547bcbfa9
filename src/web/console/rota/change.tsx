import type { Outcome } from '../../../features/service/rota/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { BackLink, Notice, Tag, type TagKind } from '../../../ui/parts.tsx';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { procedureName } from '../words.ts';

const KIND: Record<Outcome['now'], TagKind> = {
  reassigned: 'good',
  waits: 'warn',
  left: 'bad',
  moved: 'plain',
  over: 'plain',
};

/** `…/rota/change/:change`: a finished change, and the state of the appointments that lost their desk. */
export function rotaChangePage(deps: StaffDeps) {
  return async (visit: DeskVisit) => {
    const { t, c, viewer, office, base } = visit;
    const id = c.req.param('change') ?? '';
    const found = /^\d{1,10}$/.test(id) ? await deps.rota.change(viewer, office, Number(id)) : null;
    if (!found) return c.notFound();
    const { outcomes } = found;
    return visit.show(
      { title: t('rota.done') },
      <>
        <BackLink href={`${base}/rota`}>{t('rota.title')}</BackLink>
        <h1>{t('rota.done')}</h1>
        <div role="status">
          <Notice kind="good">{t('rota.doneText')}</Notice>
        </div>
        <h2>{t('rota.outcomes')}</h2>
        {outcomes.length === 0 ? <p>{t('away.nobody')}</p> : null}
        <ul class="unmarked">
          {outcomes.map((each) => (
            <Line key={each.appointment.id} visit={visit} outcome={each} />
          ))}
        </ul>
        <p>
          <ButtonLink href={`${base}/rota`}>{t('rota.toWeek')}</ButtonLink>
        </p>
      </>,
    );
  };
}

function Line({ visit, outcome }: { visit: DeskVisit; outcome: Outcome }) {
  const { t, dates, base, office } = visit;
  const { appointment, now } = outcome;
  const { id, start, reference, procedure, desk } = appointment;
  return (
    <li>
      <Tag kind={KIND[now]}>{t(`rota.now.${now}`, { desk: formatDesk(visit, desk) })}</Tag>{' '}
      <span class="figures">
        {dates.briefDay(start)} {dates.time(start)}
      </span>{' '}
      · {procedureName(t, office, procedure)} ·{' '}
      <a href={`${base}/appointment/${id}`}>{reference}</a>
    </li>
  );
}
