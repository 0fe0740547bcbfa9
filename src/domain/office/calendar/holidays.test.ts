import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { closedDays, holidaysProblem, publicHolidays } from './holidays.ts';

// Catalonia's holidays by hand: the fixed days, and Good Friday and Easter Monday of each year.
const CATALONIA_2026 = [
  '2026-01-01',
  '2026-01-06',
  '2026-04-03',
  '2026-04-06',
  '2026-05-01',
  '2026-06-24',
  '2026-08-15',
  '2026-09-11',
  '2026-10-12',
  '2026-11-01',
  '2026-12-06',
  '2026-12-08',
  '2026-12-25',
  '2026-12-26',
];
const MOVED: Record<string, string> = { '04-03': '03-26', '04-06': '03-29' };
const CATALONIA_2027 = CATALONIA_2026.map((day) => {
  const rest = day.slice(5);
  return `2027-${MOVED[rest] ?? rest}`;
}).sort();

const rules = { holidays: 'ES-CT', feastDays: [], openDays: ['2027-05-03'] };

function daysClosed(year: number): string[] {
  const { isClosed } = closedDays(rules, []);
  const days: string[] = [];
  for (
    let day = Temporal.PlainDate.from({ year, month: 1, day: 1 });
    day.year === year;
    day = day.add({ days: 1 })
  ) {
    if (isClosed(day.toString())) days.push(day.toString());
  }
  return days;
}

describe('closed days', () => {
  it('are the public holidays of Catalonia', () => {
    expect(daysClosed(2026)).toEqual(CATALONIA_2026);
    expect(daysClosed(2027)).toEqual(CATALONIA_2027);
  });

  it('are the same in every time zone of the server', () => {
    const script = `import { publicHolidays } from './src/domain/office/calendar/holidays.ts';
      console.log(JSON.stringify([...publicHolidays('ES-CT', 2026).keys()]));`;
    for (const TZ of ['UTC', 'Europe/Madrid', 'America/New_York', 'Pacific/Auckland']) {
      const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
        env: { ...process.env, TZ },
        encoding: 'utf8',
      });
      expect(JSON.parse(out), TZ).toEqual(CATALONIA_2026);
    }
  });

  it('include feast days and closures, both ends included, with their reason', () => {
    const why = { ca: 'Festa Major' };
    const closed = closedDays(
      { ...rules, feastDays: [{ from: '2026-09-08', to: '2026-09-08', why }] },
      [{ from: '2026-08-10', to: '2026-08-12' }],
    );
    expect(closed.why('2026-09-08')).toEqual(why);
    const days = ['2026-08-09', '2026-08-10', '2026-08-12', '2026-08-13'];
    expect(days.map(closed.isClosed)).toEqual([false, true, true, false]);
    expect(closed.why('2026-12-25')?.en).toBe('Public holiday');
    expect(closed.why('2026-12-24')).toBeUndefined();
  });

  it('let a town work on a public holiday, but not on its own closure', () => {
    const open = { ...rules, openDays: ['2026-12-08', '2026-12-07'] };
    const closed = closedDays(open, [{ from: '2026-12-07', to: '2026-12-07' }]);
    expect(closed.isClosed('2026-12-08')).toBe(false);
    expect(closed.isClosed('2026-12-07')).toBe(true);
  });

  it('are empty for an office without public holidays', () => {
    expect(closedDays({ ...rules, holidays: 'none' }, []).isClosed('2026-12-25')).toBe(false);
  });

  it('put feasts that begin at sunset on the following day', () => {
    // Israel's Yom Kippur of 2026 is the whole of Monday 21 September and begins on Sunday evening.
    const days = publicHolidays('IL', 2026);
    expect(days.has('2026-09-21')).toBe(true);
    expect(days.has('2026-09-20')).toBe(false);
  });
});

describe('holidaysProblem', () => {
  it('accepts the regions that the library computes', () => {
    for (const code of ['none', 'ES', 'ES-CT', 'ES-PV', 'DE-BY', 'DE-BY-A']) {
      expect(holidaysProblem(code), code).toBeUndefined();
    }
    expect(holidaysProblem('ES-XX')?.known).toContain('ES-CT');
    expect(holidaysProblem('QQ')?.known).toContain('ES');
    expect(holidaysProblem('DE-BY-Q')?.known).toContain('DE-BY-A');
  });
});
