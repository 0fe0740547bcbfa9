import { holderOf } from '../../../features/service/coordination/rules.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { actorOf } from '../../../lib/viewer.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { readForm } from '../../form.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { conflict, here, showAppointment } from './appointment.tsx';

interface TakeOverProps {
  visit: DeskVisit;
  dossier: Dossier;
}

/** `…/take-over`: a confirmation that names the present agent; then the encounter belongs to the reader. */
export function takeOverPage(deps: StaffDeps) {
  return {
    get: (visit: DeskVisit) =>
      showAppointment(deps, visit, {
        title: visit.t('takeOver.title'),
        instead: (dossier) => {
          const holder = holderOf(dossier.events);
          const isOthers = holder !== null && holder.actor !== actorOf(visit.viewer);
          return dossier.appointment.status === 'in_progress' && isOthers ? (
            <Region visit={visit} dossier={dossier} />
          ) : null;
        },
      }),

    post: async (visit: DeskVisit) => {
      const { c, viewer, office } = visit;
      const from = (await readForm(c)).text('from');
      const id = c.req.param('id') ?? '';
      const taken = await deps.coordination.takeOver(viewer, office, id, from);
      if (taken.ok) return visit.redirect(here(visit));
      return taken.reason === 'not_found' ? c.notFound() : conflict(deps, visit, '');
    },
  };
}

function Region({ visit, dossier }: TakeOverProps) {
  const { t, dates } = visit;
  const holder = holderOf(dossier.events);
  const who = holder?.who ?? t('takeOver.somebody');
  return (
    <section class="region work stack" aria-labelledby="take-over">
      <h2 id="take-over">{t('takeOver.title')}</h2>
      {holder ? <p>{t('takeOver.has', { who, time: dates.time(holder.at) })}</p> : null}
      <p>{t('takeOver.text', { who })}</p>
      <form method="post" action={`${here(visit)}/take-over`} class="stack">
        <input type="hidden" name="from" value={holder?.actor ?? ''} />
        <div class="action row">
          <ButtonLink kind="quiet" href={here(visit)}>
            {t('desk.back')}
          </ButtonLink>
          <button type="submit" class="button" id="action">
            {t('takeOver.submit')}
          </button>
        </div>
      </form>
    </section>
  );
}
