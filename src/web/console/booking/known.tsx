import { readPhone } from '../../../features/booking/appointments/rules.ts';
import type { Caller, Found } from '../../../features/service/assistance/types.ts';
import { isUuid } from '../../../lib/uuid.ts';
import { formatDesk } from '../desk-name.tsx';
import type { DeskVisit, StaffDeps } from '../visit.tsx';
import { bookedName } from '../words.ts';

/** The caller of a booking that began with a number. */
export interface Known {
  /** The number as it was typed. */
  typed: string;
  caller: Caller;
  /** The appointment whose person it is; empty: somebody who is not known yet. */
  who: string;
}

/** A number that can't be read. */
export interface Unread {
  typed: string;
  problem: string;
}

/** The choice of somebody who isn't known, though others have the number. */
const NOBODY_KNOWN = 'new';

/**
 * Returns who has the number in the address, with the one who is meant: as chosen, else whoever had an appointment last. Null: the address
 * has no number.
 */
export async function knownBy(
  deps: Pick<StaffDeps, 'assistance'>,
  visit: DeskVisit,
): Promise<Known | Unread | null> {
  const { c, t, viewer, office } = visit;
  const typed = (c.req.query('phone') ?? '').trim();
  if (c.req.query('phone') === undefined) return null;
  const read = readPhone(typed, office.settings.country);
  if (!read.ok)
    return { typed, problem: t(typed === '' ? 'freeNow.book.missing' : 'freeNow.book.unread') };
  const caller = await deps.assistance.caller(viewer, office, read.phone);
  if (!caller) return null;
  const asked = c.req.query('who') ?? '';
  const who = isUuid(asked) || asked === NOBODY_KNOWN ? asked : (caller.people[0]?.id ?? '');
  return { typed, caller, who: who === NOBODY_KNOWN ? '' : who };
}

/** The fields that carry the caller to the next step. */
export function KnownFields({ known }: { known: Known }) {
  return (
    <>
      <input type="hidden" name="phone" value={known.typed} />
      <input type="hidden" name="who" value={known.who || NOBODY_KNOWN} />
    </>
  );
}

/** Who calls, and what they have booked already. */
export function WhoCalls({ visit, known }: { visit: DeskVisit; known: Known }) {
  const { t, c } = visit;
  const { people, open } = known.caller;
  const current = people.find((each) => each.id === known.who);
  const to = (who: string) => {
    const asked = new URLSearchParams(c.req.query());
    asked.set('who', who);
    return `${visit.base}/book?${asked}`;
  };
  return (
    <section class="caller stack" aria-label={t('freeNow.book.caller')}>
      <p>
        <span class="figures">{known.typed}</span> ·{' '}
        <strong>{current ? current.name : t('freeNow.book.stranger')}</strong>
      </p>
      {people.length > 1 || (people.length === 1 && !current) || current ? (
        <p class="row small">
          {people
            .filter((each) => each !== current)
            .map((each) => (
              <a key={each.id} href={to(each.id)}>
                {t('freeNow.book.isOther', { name: each.name })}
              </a>
            ))}
          {current ? <a href={to(NOBODY_KNOWN)}>{t('freeNow.book.isNew')}</a> : null}
        </p>
      ) : null}
      <p>
        <a href={serveAt(visit, known)}>{t('unbooked.caller')}</a>
      </p>
      {open.length > 0 ? (
        <>
          <p class="small">{t('freeNow.book.open', { count: open.length })}</p>
          <ul class="unmarked small">
            {open.map((each) => (
              <OpenOne
                key={each.id}
                visit={visit}
                found={each}
                isOneOfSeveral={people.length > 1}
              />
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

/** Returns where whoever calls is served now, with what is known of them. */
function serveAt({ base }: DeskVisit, { typed, who }: Known): string {
  return `${base}/serve?${new URLSearchParams({ phone: typed, ...(who && { like: who }) })}`;
}

function OpenOne(props: { visit: DeskVisit; found: Found; isOneOfSeveral: boolean }) {
  const { visit, found, isOneOfSeveral } = props;
  const { t, dates, office, base } = visit;
  return (
    <li>
      <a href={`${base}/appointment/${found.id}`}>
        {dates.day(found.start)}, {dates.time(found.start)}
      </a>{' '}
      · {bookedName(t, office, found)} · {t(`common.channel.${found.channel}`)} ·{' '}
      {formatDesk(visit, found.desk)}
      {isOneOfSeveral ? ` · ${found.name}` : ''}
    </li>
  );
}
