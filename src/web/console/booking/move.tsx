import { type Appointment, askOf, isSameWay, type Way } from '../../../domain/appointment.ts';
import { isReachable } from '../../../domain/channel.ts';
import { bookedBundle } from '../../../domain/office/bundle.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { nearInstant } from '../../../lib/calendar/near.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import {
  formatWay,
  readWay,
  wayAsked,
  wayCode,
  waysOf,
  withSite,
} from '../../citizen/times/ways.ts';
import { readForm } from '../../form.ts';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { FreeTimes, freeDays } from './free-times.tsx';

interface Asked {
  way: Way;
  from: string;
  /** The mistake, and its status. */
  wrong?: { status: 409 | 422; text: string };
}

/** `…/move`: another time, at any desk, or another channel. The citizen gets a notice. */
export function movePage(deps: StaffDeps) {
  const show = (visit: DeskVisit, asked: Omit<Asked, 'way'> & { channel: string }) => {
    const { t } = visit;
    const { wrong } = asked;
    return showAppointment(deps, visit, {
      title: t('desk.move.title'),
      ...(wrong && { status: wrong.status, problems: [{ href: '#start', text: wrong.text }] }),
      instead: (dossier) => {
        const { appointment } = dossier;
        if (appointment.status !== 'booked') return null;
        const way = wayAsked(waysTo(visit, appointment), asked.channel, appointment);
        return moveRegion(deps, visit, dossier, { ...asked, way });
      },
    });
  };
  return {
    get: ({ c, ...visit }: DeskVisit) =>
      show(
        { ...visit, c },
        { channel: c.req.query('channel') ?? '', from: c.req.query('from') ?? '' },
      ),

    post: async (visit: DeskVisit) => {
      const { c, t, viewer, office, dates } = visit;
      const form = await readForm(c);
      const asked = { channel: form.text('channel'), from: form.text('from') };
      const way = readWay(asked.channel);
      const start = nearInstant(form.text('start'));
      if (!start || !way)
        return show(visit, { ...asked, wrong: { status: 422, text: t('desk.times.choose') } });
      const moved = await deps.assistance.move(viewer, office, c.req.param('id') ?? '', {
        start,
        ...way,
      });
      if (moved.ok) return visit.redirect(`${here(visit)}?done=moved`);
      if (moved.reason === 'not_found') return c.notFound();
      if (moved.reason === 'not_open') return conflict(deps, visit, '');
      const text =
        moved.reason === 'slot_taken'
          ? t('desk.times.taken', { day: dates.day(start), time: dates.time(start) })
          : t(moved.reason === 'unmet_need' ? 'needs.mistake' : 'desk.book.notOffered');
      return show(visit, { ...asked, wrong: { status: 409, text } });
    },
  };
}

/** Returns the ways that an appointment could be moved to; none when the office no longer has its procedure. */
function waysTo({ office }: DeskVisit, appointment: Appointment): Way[] {
  const procedure = bookedBundle(office, appointment);
  return procedure ? waysOf(office, procedure, appointment.language) : [];
}

async function moveRegion(
  deps: StaffDeps,
  visit: DeskVisit,
  { appointment }: Dossier,
  { way, from, wrong }: Asked,
) {
  const { t } = visit;
  const { id, citizen, start } = appointment;
  const { channel } = way;
  const ask = { ...askOf(appointment), site: null, ...way };
  const lacks = !isReachable(channel, citizen);
  const { days, more } = await freeDays(deps, visit, ask, from, id);
  const link = (day: string) => linkTo(visit, way, day);
  return (
    <section class="region work stack" aria-labelledby="move">
      <h2 id="move">{t('desk.move.title')}</h2>
      <Ways visit={visit} appointment={appointment} way={way} from={from} />
      {lacks ? (
        <Notice kind="warn">
          <p>{t(`desk.move.lacks.${channel}`)}</p>
          <p>
            <a href={`${here(visit)}/contact`} id="action">
              {t('desk.contact.title')}
            </a>
          </p>
        </Notice>
      ) : (
        <form method="post" action={`${here(visit)}/move`} class="stack" novalidate>
          <input type="hidden" name="channel" value={wayCode(way)} />
          <input type="hidden" name="from" value={from} />
          {days.length > 0 ? (
            <FreeTimes visit={visit} days={days} chosen={start.toString()} error={wrong?.text} />
          ) : (
            <Notice kind="warn">{t('desk.times.none')}</Notice>
          )}
          <p class="row">
            {more ? <a href={link(more)}>{t('desk.times.more')}</a> : null}
            {from ? <a href={link('')}>{t('desk.times.first')}</a> : null}
          </p>
          <div class="action row">
            <ButtonLink kind="quiet" href={here(visit)}>
              {t('desk.back')}
            </ButtonLink>
            {days.length > 0 ? (
              <button type="submit" class="button" id="action">
                {t('desk.move.submit')}
              </button>
            ) : null}
          </div>
        </form>
      )}
    </section>
  );
}

const linkTo = (visit: DeskVisit, to: Way, day: string): string =>
  `${here(visit)}/move?channel=${wayCode(to)}&from=${day}`;

/** How it is served now, how it would be, and in which other ways it could. */
function Ways(props: { visit: DeskVisit; appointment: Appointment; way: Way; from: string }) {
  const { visit, appointment, way, from } = props;
  const { t, office, dates } = visit;
  const { start } = appointment;
  const others = waysTo(visit, appointment).filter((each) => !isSameWay(each, way));
  return (
    <>
      <p>
        {t('desk.move.now', { day: dates.day(start), time: dates.time(start) })}{' '}
        {formatWay(t, office, appointment)}
      </p>
      {isSameWay(way, appointment) ? null : (
        <p>
          <strong>{withSite(t, office, way, t(`desk.move.to.${way.channel}`))}</strong>
        </p>
      )}
      {others.map((each) => (
        <p key={wayCode(each)}>
          <a href={linkTo(visit, each, from)}>
            {withSite(t, office, each, t(`desk.move.rather.${each.channel}`))}
          </a>
        </p>
      ))}
    </>
  );
}
