import { timeLineOf } from '../../../features/service/encounter/rules.ts';
import type {
  Dossier,
  EarlierAppointment,
  Moment,
} from '../../../features/service/encounter/types.ts';
import type { Trace } from '../../../features/service/traces/types.ts';
import { Tag } from '../../../ui/parts.tsx';
import type { DeskVisit } from '../visit.tsx';
import { bookedName, itemIn, nameOf, STATUS_KINDS } from '../words.ts';

/** The number of entries that are shown at once; the others are folded. */
const SHOWN = 5;

/**
 * This person's time line with this office, as far as it is still kept: appointments with what was done, documents and consents. Notes
 * aren't here: opening an appointment shows them, and is on the trail.
 */
export function Earlier({ visit, dossier }: { visit: DeskVisit; dossier: Dossier }) {
  const { t } = visit;
  const { earlier } = dossier;
  const line = timeLineOf(earlier);
  const list = (some: readonly Moment[]) => (
    <ul class="unmarked earlier">
      {some.map((each) =>
        each.kind === 'appointment' ? (
          <Line key={each.of.id} visit={visit} dossier={dossier} earlier={each.of} />
        ) : (
          <TraceLine key={`${each.of.id} ${each.trace.what} ${each.at}`} visit={visit} {...each} />
        ),
      )}
    </ul>
  );
  const rest = line.slice(SHOWN);
  return (
    <section class="stack" aria-labelledby="earlier">
      <h2 id="earlier">{t('freeNow.history.title', { count: earlier.length })}</h2>
      {earlier.length === 0 ? (
        <p class="soft">{t('attending.earlier.none')}</p>
      ) : (
        <p class="soft small">{t('attending.earlier.how')}</p>
      )}
      {line.length > 0 ? list(line.slice(0, SHOWN)) : null}
      {rest.length > 0 ? (
        <details class="more">
          <summary>{t('attending.earlier.more', { count: rest.length })}</summary>
          {list(rest)}
        </details>
      ) : null}
    </section>
  );
}

/** Documents that came or went, or what became of a consent. */
function TraceLine({
  visit,
  trace,
  of,
}: {
  visit: DeskVisit;
  trace: Trace;
  of: EarlierAppointment;
}) {
  const { t, dates, office, base } = visit;
  return (
    <li>
      <p class="small">
        {dates.longDay(trace.at)}, {dates.time(trace.at)}:{' '}
        {t(`freeNow.history.${trace.what}`, { count: trace.count })} ·{' '}
        <a href={`${base}/appointment/${of.id}`}>{bookedName(t, office, of)}</a>
      </p>
    </li>
  );
}

function Line(props: { visit: DeskVisit; dossier: Dossier; earlier: EarlierAppointment }) {
  const { visit, dossier, earlier } = props;
  const { t, dates, office, base } = visit;
  const { id, start, status, channel, name, items, wrapUp, link } = earlier;
  const { outcomes, wrapUpCodes } = office.settings;
  const done = items.map((each) =>
    [itemIn(t, office, { ...each, label: '' }), each.outcome && nameOf(t, outcomes, each.outcome)]
      .filter(Boolean)
      .join(' – '),
  );
  const who = earlier.who ?? office.desk(earlier.desk)?.name;
  const how = [
    ...(earlier.sameEmail ? [t('attending.earlier.email')] : []),
    ...(earlier.samePhone ? [t('attending.earlier.phone')] : []),
    ...(link ? [t(`attending.earlier.${link}`)] : []),
  ];
  return (
    <li>
      <p>
        <a href={`${base}/appointment/${id}`}>
          {dates.longDay(start)}, {dates.time(start)}: {bookedName(t, office, earlier)}
        </a>{' '}
        <Tag kind={STATUS_KINDS[status]}>{t(`staff.status.${status}`)}</Tag>
      </p>
      {name === dossier.appointment.citizen.name ? null : (
        <p class="small">
          <b>{t('attending.earlier.other', { name })}</b>
        </p>
      )}
      {done.filter(Boolean).map((each) => (
        <p key={each} class="small">
          {each}
        </p>
      ))}
      <p class="small soft">
        {[
          t(`common.channel.${channel}`),
          ...(wrapUp ? [nameOf(t, wrapUpCodes, wrapUp)] : []),
          ...(who ? [who] : []),
          ...how,
        ].join(' · ')}
      </p>
    </li>
  );
}
