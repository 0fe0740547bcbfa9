import type pg from 'pg';
import type { Busy } from './types.ts';

const DAY = 1440;

/** The busy time of a desk as the database says it. */
export interface BusyRow {
  desk_id: number;
  /** Multiranges of minutes. */
  busy: string;
}

/** Returns the busy time of these desks: see `readBusyRows`. */
export const readBusy = async (...of: Parameters<typeof readBusyRows>): Promise<Busy> =>
  busyOf(await readBusyRows(...of));

/** Returns the stretches that rows say. */
export const busyOf = (rows: readonly BusyRow[]): Busy =>
  new Map(rows.map((row) => [row.desk_id, readMultiranges(row.busy)]));

/**
 * Returns the busy time of these desks by appointments and valid holds, with the minutes after each. One statement, one row per
 * desk.
 * @param except the appointment that is to be moved, whose own time doesn't count.
 */
export async function readBusyRows(
  pool: pg.Pool,
  office: number,
  desks: readonly number[],
  span: { from: number; to: number },
  now: Temporal.Instant,
  except?: string,
): Promise<BusyRow[]> {
  const { rows } = await pool.query<BusyRow>({
    name: 'busy_minutes',
    text: 'select desk_id, busy from busy_minutes($1, $2, $3, $4, $5, $6)',
    values: [
      office,
      desks,
      Math.floor(span.from / DAY) - 1,
      Math.floor(span.to / DAY) + 1,
      now.toString(),
      except ?? null,
    ],
  });
  return rows;
}

/** Returns the time that a hold keeps from `start` on: its desk, and its minutes, including those after it; null: none. */
export async function readHeld(
  pool: pg.Pool,
  office: number,
  start: Temporal.Instant,
  now: Temporal.Instant,
  hold: Buffer,
): Promise<{ desk: number; minutes: number[] } | null> {
  const { rows } = await pool.query<{ desk_id: number; minutes: string }>({
    name: 'held_time',
    text: 'select desk_id, minutes from held_time($1, $2, $3, $4)',
    values: [office, start.toString(), now.toString(), hold],
  });
  const row = rows[0];
  return row ? { desk: row.desk_id, minutes: readMultiranges(row.minutes) } : null;
}

/** The bounds in the text of multiranges, `{[1,5),[8,9)}{[9,12)}`, flat and in order. Two stretches that touch become one. */
function readMultiranges(text: string): number[] {
  const bounds: number[] = [];
  let isStart = true;
  let last = -1;
  let value = -1;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit >= 0 && digit <= 9) value = value < 0 ? digit : value * 10 + digit;
    else if (value >= 0) {
      if (isStart && value === last) bounds.pop();
      else bounds.push(value);
      isStart = !isStart;
      last = value;
      value = -1;
    }
  }
  return bounds;
}
