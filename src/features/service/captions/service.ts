import { SignJWT } from 'jose';
import type { Office } from '../../../domain/office/types.ts';
import type { Clock } from '../../../lib/clock.ts';
import { type Db, within } from '../../../lib/db/database.ts';
import { createLimiter } from '../../../lib/limiter.ts';
import type { PurposeKey } from '../../../lib/secrets.ts';
import { readById } from '../../booking/appointments/views.ts';
import { isIn } from '../room/rules.ts';
import type { Seat } from '../room/types.ts';
import { readSeat } from '../room/views.ts';
import { ADDRESS_SECONDS, type Engine, engineFor, isCaptioned, LIMIT, originsOf } from './rules.ts';

type Appointment = NonNullable<Awaited<ReturnType<typeof readById>>>;

/** Captions of video calls, by the town's own speech-to-text engine (docs/protocol.md). */
export interface Captions {
  /** Returns the engine for an appointment with a room; null: its office has none for the language, or the installation has no secret for it. */
  engine(office: Office, appointment: Pick<Appointment, 'language'>): Engine | null;
  /** Returns the origins of an office's engines, which its rooms' pages connect to. */
  origins(office: Office): readonly string[];
  /**
   * Returns the address at which a page that is in the call opens a connection to the engine, within a minute. `not_found`: there is
   * no engine, or this side's speech isn't turned into text.
   */
  address(
    office: Office,
    seat: Seat,
  ): Promise<
    { ok: true; url: string } | { ok: false; reason: 'not_found' | 'not_open' | 'too_often' }
  >;
}

export interface CaptionsDeps {
  db: Db;
  clock: Clock;
  /** The machine's clock: addresses expire by real time, not by the demo's clock. */
  engineClock: Clock;
  /** Shared with the engines; null: there are no captions. */
  secret: string | null;
  key: PurposeKey;
}

export function createCaptions({ db, clock, engineClock, secret, key }: CaptionsDeps): Captions {
  const limiter = createLimiter(clock, LIMIT);
  const engine: Captions['engine'] = ({ settings }, { language }) =>
    secret === null ? null : engineFor(settings, language);
  return {
    engine,

    origins: ({ settings }) => (secret === null ? [] : originsOf(settings)),

    async address(office, seat) {
      const appointment = await within(db, office.id, async (tx) => {
        const found = await readById(tx, seat.appointment);
        const own = await readSeat(tx, seat.id);
        return found && own && isIn(own, found.status) ? found : null;
      });
      if (!appointment) return { ok: false, reason: 'not_open' };
      const found = engine(office, appointment);
      if (!found || secret === null || !isCaptioned(seat.side))
        return { ok: false, reason: 'not_found' };
      if (limiter.take(seat.id) > 0) return { ok: false, reason: 'too_often' };
      // The engine's log can match connections to each other, but not to an appointment.
      const name = key.derive(`captions ${seat.id}`).slice(0, 12);
      return {
        ok: true,
        url: await addressOf(found.url, { secret, name, now: engineClock.now() }),
      };
    },
  };
}

/**
 * Returns the address that opens one connection to an engine. It carries a pass that the engine checks: a JSON Web Token by the shared
 * secret (RFC 7519, HS256). `url`: the engine's, from the town file. `name`: what the engine's log tells connections apart by.
 */
export async function addressOf(
  url: string,
  { secret, name, now }: { secret: string; name: string; now: Temporal.Instant },
): Promise<string> {
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setSubject(name)
    .setAudience(url)
    .setExpirationTime(Math.floor(now.epochMilliseconds / 1000) + ADDRESS_SECONDS)
    .sign(new TextEncoder().encode(secret));
  return `${url}?token=${token}`;
}

export type { Engine } from './rules.ts';
