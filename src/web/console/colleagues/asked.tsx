import { renderToString } from 'preact-render-to-string';
import { mayAssist } from '../../../features/service/encounter/rules.ts';
import { readForm } from '../../form.ts';
import { type DeskVisit, localPath, type StaffDeps } from '../visit.tsx';
import { WaitingRegion } from './waiting.tsx';

/** `…/asked`: the region alone, for a page that renews it; `…/asked/{request}`: the answer. */
export function askedPages({ colleagues }: StaffDeps) {
  return {
    region: async (visit: DeskVisit) => {
      const { c, viewer, base } = visit;
      if (!mayAssist(viewer)) return c.notFound();
      const waiting = await colleagues.waiting(viewer);
      c.header('Cache-Control', 'no-store');
      return c.html(renderToString(<WaitingRegion visit={visit} waiting={waiting} back={base} />));
    },

    answer: async (visit: DeskVisit) => {
      const { c, viewer, office, base } = visit;
      const form = await readForm(c);
      const answer = form.text('answer') === 'accepted' ? 'accepted' : 'declined';
      const id = c.req.param('request') ?? '';
      const done = await colleagues.answer(viewer, office.settings.board, id, answer);
      if (!done.ok) return done.reason === 'not_found' ? c.notFound() : show(visit, done.reason);
      if (answer === 'declined') return visit.redirect(localPath(form.text('back') || base));
      const { kind, appointment } = done.request;
      return visit.redirect(
        kind === 'join' ? `${base}/call/${id}` : `${base}/appointment/${appointment}`,
      );
    },
  };
}

/** Says why nothing follows from a yes. */
function show(visit: DeskVisit, why: 'late' | 'busy'): Response {
  const { t, base } = visit;
  return visit.show(
    { title: t(`colleagues.${why}.title`), status: 409, islands: ['console'] },
    <>
      <h1>{t(`colleagues.${why}.title`)}</h1>
      <p class="lead">{t(`colleagues.${why}.text`)}</p>
      <p>
        <a href={base}>{t('colleagues.back')}</a>
      </p>
    </>,
  );
}
