import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Office } from '../../../domain/office/types.ts';
import { translateTo } from '../../../lib/i18n/translate.ts';
import { DEMO_TOWN } from '../../../paths.ts';
import { MARIA, type TestTown, testTown } from '../testing.ts';
import { formatWay, wayCode, wayNamed, waysOf } from './ways.ts';

let town: TestTown;
let office: Office;
beforeAll(async () => {
  town = await testTown(readFileSync(DEMO_TOWN, 'utf8'));
  office = (await town.deps.offices.find('oac'))!;
});
afterAll(() => town?.close());

const procedure = (code: string) => office.procedure(code)!;
const t = translateTo('ca');

describe('ways', () => {
  test('are the channels in order, in person once for each site that serves the procedure', () => {
    expect(waysOf(office, procedure('cens-electoral')).map(wayCode)).toEqual([
      ...['phone', 'video', 'in_person.centre', 'in_person.eres'],
    ]);
    expect(waysOf(office, procedure('volant-padro')).map(wayCode)).toEqual(['phone', 'video']);
    expect(waysOf(office, procedure('cens-electoral'), 'csc').map(wayCode)).toEqual([
      ...['video', 'in_person.centre', 'in_person.eres'],
    ]);
  });

  test('are named by channel and site; a channel alone is enough where it has one site', () => {
    const ways = waysOf(office, procedure('cens-electoral'));
    expect(wayNamed(ways, 'in_person.eres')).toEqual({ channel: 'in_person', site: 'eres' });
    expect(wayNamed(ways, 'phone')).toEqual({ channel: 'phone' });
    for (const none of ['in_person', 'in_person.elsewhere', '', undefined])
      expect(wayNamed(ways, none)).toBeUndefined();
    expect(wayNamed(ways.slice(0, 3), 'in_person')).toEqual(ways[2]);
    expect(formatWay(t, office, ways[3]!)).toBe('En persona: OAC Les Eres');
  });
});

describe('a visit to a site, by the pages', () => {
  const TIMES = '/ca/oac/cens-electoral/times?channel=in_person.eres&language=ca';

  async function booked(person: Record<string, string>) {
    const times = await town.get(TIMES);
    const [, start = ''] = /name="start" value="([^"]+)"/.exec(times.html) ?? [];
    const details = await town.post(TIMES, { start });
    const page = details.path;
    const typed = await town.submit(page, person);
    return { page, typed };
  }

  test('needs a telephone or an e-mail address, and says so beside the field', async () => {
    const { typed } = await booked({
      name: MARIA.name,
      phone: '',
      email: '',
      whom: 'self',
      anything: 'no',
    });
    expect(typed.status).toBe(422);
    expect(typed.html).toContain(t('details.error.missing_either'));
  });

  test('asks in words that name no call, and offers no relay service', async () => {
    const { typed } = await booked({
      name: '',
      phone: '',
      email: '',
      whom: 'self',
      anything: 'no',
    });
    expect(typed.html).not.toContain(t('citizen.details.nameHint'));
    const { page } = await booked({});
    const { anything: _, ...who } = MARIA;
    const { html } = await town.submit(page, who);
    for (const need of ['citizen.need.relay_service', 'details.need.companion.hint'] as const)
      expect(html).not.toContain(t(need));
    expect(html).toContain(t('details.need.companion.atSite'));
  });

  test('says where it is on every page, and takes another site or the telephone', async () => {
    const { page } = await booked({
      name: MARIA.name,
      phone: MARIA.phone,
      email: '',
      whom: 'self',
      anything: 'no',
    });
    const check = page.replace(/details$/, 'check');
    const confirmed = await town.submit(check, {});
    expect(confirmed.html).toContain('Carrer de les Eres, 42');
    const manage = confirmed.path.replace(/\/confirmed$/, '');
    const { html } = await town.get(manage);
    expect(html).toContain('Carrer de les Eres, 42');
    expect(html).toContain(`${manage}/change?channel=in_person.centre`);
    expect(html).toContain(`${manage}/change?channel=phone`);
    const calendar = await town.get(`${manage}/calendar.ics`);
    expect(calendar.html).toContain('GEO:41.5512;2.1149');
    // It is a day too early to have arrived, and the page says so.
    expect((await town.post(`${manage}/check-in`, {})).path).toContain('not=here');
  });
});
