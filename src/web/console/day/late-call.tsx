import type { OfferedCall } from '../../../features/service/coordination/service.ts';
import { mayAssist, minutesBetween } from '../../../features/service/encounter/rules.ts';
import { formatLanguage } from '../../../lib/i18n/format-language.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { readForm } from '../../form.ts';
import { formatDesk } from '../desk-name.tsx';
import { NextAction } from '../encounter/work.tsx';
import { Key } from '../key.tsx';
import { formatOutlook } from '../outlook-words.ts';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { bookedName, spanIn } from '../words.ts';

/** `…/late-call`: a colleague's call that runs late, for an agent who is free. They take it, or leave it. */
export function lateCallPage(deps: StaffDeps) {
  return {
    get: async (visit: DeskVisit) => {
      const { viewer, office, base, c } = visit;
      if (!mayAssist(viewer)) return c.notFound();
      const offered = await deps.coordination.lateCall(viewer, office);
      return offered ? showOffer(visit, offered) : visit.redirect(base);
    },

    post: async (visit: DeskVisit) => {
      const { t, viewer, office, base, c } = visit;
      if (!mayAssist(viewer)) return c.notFound();
      const form = await readForm(c);
      const id = form.text('call');
      if (form.text('action') !== 'take') {
        await deps.coordination.declineLate(viewer, office, id);
        return visit.redirect(`${base}/next`);
      }
      const taken = await deps.coordination.takeLate(viewer, office, id);
      if (taken.ok) return visit.redirect(`${base}/appointment/${id}?done=reassigned`);
      const desk = taken.reason === 'gone' ? formatDesk(visit, taken.desk) : '';
      return showGone(
        visit,
        taken.reason === 'gone' ? t('freeNow.late.gone', { desk }) : t('freeNow.late.over'),
      );
    },
  };
}

/** Names nobody: who waits is read once the call is taken, which is on record. */
function showOffer(visit: DeskVisit, { call, outlook }: OfferedCall): Response {
  const { t, dates, office, now, base } = visit;
  const waited = minutesBetween(call.owedSince, now);
  const title = t('freeNow.late.title');
  const values = {
    desk: formatDesk(visit, call.desk),
    why: formatOutlook(visit, call.desk, outlook),
  };
  return visit.show(
    { title, skipToAction: true },
    <section class="stack">
      <h1>{title}</h1>
      <p class="when-next">
        <span class="figures hour">{dates.time(call.start)}</span> {bookedName(t, office, call)}
      </p>
      <p>
        {t(`common.channel.${call.channel}`)} · {formatLanguage(call.language, t).name}
      </p>
      <p>{t('freeNow.late.waits', { span: spanIn(t, waited), time: dates.time(call.start) })}</p>
      <p>{t('freeNow.late.desk', values)}</p>
      <p class="soft">{t('freeNow.late.note')}</p>
      <form method="post" action={`${base}/late-call`} class="row">
        <input type="hidden" name="call" value={call.id} />
        <button
          type="submit"
          name="action"
          value="take"
          class="button"
          id="action"
          autofocus
          data-action="takeLate"
        >
          {t('freeNow.late.take')} <Key action="takeLate" />
        </button>
        <button
          type="submit"
          name="action"
          value="decline"
          class="button quiet"
          data-action="leaveLate"
        >
          {t('freeNow.late.decline')} <Key action="leaveLate" />
        </button>
      </form>
    </section>,
  );
}

function showGone(visit: DeskVisit, text: string): Response {
  const { t, base } = visit;
  const title = t('freeNow.late.title');
  return visit.show(
    { title, status: 409 },
    <section class="stack">
      <h1>{title}</h1>
      <Notice kind="warn">{text}</Notice>
      <NextAction visit={visit} />
      <p>
        <ButtonLink kind="quiet" href={base}>
          {t('staff.place.day')}
        </ButtonLink>
      </p>
    </section>,
  );
}
