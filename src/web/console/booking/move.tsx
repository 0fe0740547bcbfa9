import { askOf } from '../../../domain/appointment.ts';
import { CHANNELS, type Channel, isReachable } from '../../../domain/channel.ts';
import type { Dossier } from '../../../features/service/encounter/types.ts';
import { ButtonLink } from '../../../ui/buttons.tsx';
import { Notice } from '../../../ui/parts.tsx';
import { channelsOf } from '../../citizen/times/ask.tsx';
import { readInstant } from '../../citizen/times/days.ts';
import { readForm } from '../../form.ts';
import { conflict, here, showAppointment } from '../encounter/appointment.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { FreeTimes, freeDays } from './free-times.tsx';

interface Asked {
  channel: Channel;
  from: string;
  /** What is wrong, and how grave. */
  wrong?: { status: 409 | 422; text: string };
}

/** `…/move`: another time, at any desk, or another channel. The citizen is told. */
export function movePage(deps: StaffDeps) {
  const show = (visit: DeskVisit, asked: Omit<Asked, 'channel'> & { channel: string }) => {
    const { t } = visit;
    const { wrong } = asked;
    return showAppointment(deps, visit, {
      title: t('desk.move.title'),
      ...(wrong && { status: wrong.status, problems: [{ href: '#start', text: wrong.text }] }),
      instead: (dossier) => {
        const { appointment } = dossier;
        if (appointment.status !== 'booked') return null;
        const channel = CHANNELS.find((each) => each === asked.channel) ?? appointment.channel;
        return moveRegion(deps, visit, dossier, { ...asked, channel });
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
      const channel = CHANNELS.find((each) => each === asked.channel);
      const start = readInstant(form.text('start'));
      if (!start || !channel)
        return show(visit, { ...asked, wrong: { status: 422, text: t('desk.times.choose') } });
      const moved = await deps.assistance.move(viewer, office, c.req.param('id') ?? '', {
        start,
        channel,
      });
      if (moved.ok) return visit.redirect(`${here(visit)}?done=moved`);
      if (moved.reason === 'not_found') return c.notFound();
      if (moved.reason === 'not_open') return conflict(deps, visit, '');
      const text =
        moved.reason === 'slot_taken'
          ? t('desk.times.taken', { day: dates.day(start), time: dates.time(start) })
          : t('desk.book.notOffered');
      return show(visit, { ...asked, wrong: { status: 409, text } });
    },
  };
}

async function moveRegion(
  deps: StaffDeps,
  visit: DeskVisit,
  { appointment }: Dossier,
  asked: Asked,
) {
  const { t, office, dates } = visit;
  const { channel, from } = asked;
  const { id, procedure, language, citizen, start } = appointment;
  const known = office.procedure(procedure);
  const others = known ? channelsOf(known, language).filter((each) => each !== channel) : [];
  const lacks = !isReachable(channel, citizen);
  const free = await freeDays(deps, visit, { ...askOf(appointment), channel }, from, id);
  return (
    <section class="region work stack" aria-labelledby="move">
      <h2 id="move">{t('desk.move.title')}</h2>
      <p>
        {t('desk.move.now', { day: dates.day(start), time: dates.time(start) })}{' '}
        {t(`common.channel.${appointment.channel}`)}
      </p>
      {channel === appointment.channel ? null : (
        <p>
          <strong>{t(`desk.move.to.${channel}`)}</strong>
        </p>
      )}
      {others.map((each) => (
        <p key={each}>
          <a href={linkTo(visit, each, from)}>{t(`desk.move.rather.${each}`)}</a>
        </p>
      ))}
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
        <MoveForm visit={visit} appointment={appointment} asked={asked} free={free} />
      )}
    </section>
  );
}

const linkTo = (visit: DeskVisit, channel: Channel, from: string) =>
  `${here(visit)}/move?channel=${channel}&from=${from}`;

interface MoveFormProps {
  visit: DeskVisit;
  appointment: Dossier['appointment'];
  asked: Asked;
  free: Awaited<ReturnType<typeof freeDays>>;
}

function MoveForm({ visit, appointment, asked, free }: MoveFormProps) {
  const { t } = visit;
  const { channel, from, wrong } = asked;
  const { days, more } = free;
  return (
    <form method="post" action={`${here(visit)}/move`} class="stack" novalidate>
      <input type="hidden" name="channel" value={channel} />
      <input type="hidden" name="from" value={from} />
      {days.length > 0 ? (
        <FreeTimes
          visit={visit}
          days={days}
          chosen={appointment.start.toString()}
          error={wrong?.text}
        />
      ) : (
        <Notice kind="warn">{t('desk.times.none')}</Notice>
      )}
      <p class="row">
        {more ? <a href={linkTo(visit, channel, more)}>{t('desk.times.more')}</a> : null}
        {from ? <a href={linkTo(visit, channel, '')}>{t('desk.times.first')}</a> : null}
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
  );
}
