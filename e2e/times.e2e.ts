import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHROME, openBrowser, visit } from './support/browser.ts';
import {
  chooseTime,
  focused,
  follow,
  heading,
  type Offered,
  offeredTimes,
  press,
  say,
  seen,
  tabTo,
} from './support/pages.ts';
import { axeFaults, ibmFaults, overflowAt } from './support/scan.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

const TIMES = '/ca/oac/volant-padro/times?channel=phone&language=ca';
/** Forty times a day. */
const LONG = '/ca/oac/informacio-tramits/times?channel=phone&language=ca';
/** From the day after today: of today's times the first passes while a test looks. */
const TOMORROW = '2026-11-26';
const SCRIPTED = { javaScriptEnabled: true } as const;

describe.skipIf(!CHROME)('choosing a time', () => {
  let browser: Browser;
  let town: Town;
  beforeAll(async () => {
    browser = await openBrowser();
    town = await openTown({ clock: MORNING });
  });
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  /** Looks at a page as somebody; what they did is over when it is. */
  async function as(
    options: BrowserContextOptions,
    path: string,
    look: (page: Page) => Promise<void>,
  ): Promise<void> {
    await using visitor = await visit(browser, town.origin, options);
    const page = await visitor.context.newPage();
    await page.goto(path);
    await look(page);
    expect(visitor.foreign).toEqual([]);
  }

  const days = (times: readonly Offered[]) =>
    [...new Set(times.map((each) => each.start.slice(0, 10)))].sort();
  /** The first time of the last day, for which there are several desks. */
  const ofLastDay = (times: Offered[]) =>
    times.find((each) => each.start.startsWith(days(times).at(-1) ?? '')) as Offered;
  const more = (page: Page) => page.locator('a[rel="next"]');
  const announced = (page: Page) => page.getByRole('status').last().textContent();
  const chosen = (page: Page) => page.locator('.days input:checked').inputValue();
  const query = (page: Page) => new URL(page.url()).searchParams;

  /** Presses “more days” and waits until there are other days. */
  async function showMore(page: Page): Promise<Offered[]> {
    const before = days(await offeredTimes(page)).at(-1);
    await more(page).click();
    await expect.poll(async () => days(await offeredTimes(page)).at(-1)).not.toBe(before);
    return offeredTimes(page);
  }

  /** Returns the hold of a time, without its end: the second page may show a minute later. */
  const taken = async (page: Page) => (await seen(page)).replace(/fins a les \d+:\d+/, '');

  test('with JavaScript and without, the same times are offered, and the same one is kept', async () => {
    const plain: Offered[] = [];
    const took: string[] = [];
    const path = `${TIMES}&from=${TOMORROW}`;
    await as({}, path, async (page) => {
      plain.push(...(await offeredTimes(page)), ...(await showMore(page)));
      await chooseTime(page, ofLastDay(plain));
      await press(page, say('citizen.continue'));
      expect(await heading(page)).toBe(say('citizen.details.title'));
      took.push(await taken(page));
    });
    await as(SCRIPTED, path, async (page) => {
      const smooth = await showMore(page);
      expect(smooth).toEqual(plain);
      expect(days(smooth)).toHaveLength(10);
      await chooseTime(page, ofLastDay(smooth));
      await press(page, say('citizen.continue'));
      expect(await heading(page)).toBe(say('citizen.details.title'));
      took.push(await taken(page));
    });
    expect(took[1]).toBe(took[0]);
  });

  test('more days come below: told, reached, and the chosen time stays', async () => {
    await as(SCRIPTED, `${TIMES}&from=${TOMORROW}`, async (page) => {
      const first = await offeredTimes(page);
      await chooseTime(page, first[3] as Offered);
      const all = await showMore(page);
      await expect.poll(() => announced(page)).toBe(say('times.said.more', { days: 5 }));
      expect(await chosen(page)).toBe(first[3]?.start);
      const newDay = page.locator('details.day').nth(5);
      const title = (await newDay.locator('summary').first().textContent())?.trim();
      await expect.poll(() => focused(page)).toBe(title);
      expect(query(page).get('from')).toBe(days(all)[5]);
      // Ids stay their own, and the page in another language is the one that the address names.
      const ids = await page.locator('[id]').evaluateAll((each) => each.map(({ id }) => id));
      expect(new Set(ids).size).toBe(ids.length);
      const spanish = page.getByRole('link', { name: 'Castellano' });
      expect(await spanish.getAttribute('href')).toContain(`from=${days(all)[5]}`);

      await page.goBack();
      await expect.poll(async () => (await offeredTimes(page)).length).toBe(first.length);
      expect(await offeredTimes(page)).toEqual(first);
      expect(await chosen(page)).toBe(first[3]?.start);
      expect(query(page).get('from')).toBe(TOMORROW);
      await page.goForward();
      await expect.poll(async () => days(await offeredTimes(page))[0]).toBe(days(all)[5]);
      await page.reload();
      expect(days(await offeredTimes(page))[0]).toBe(days(all)[5]);
      await page.locator('a[rel="prev"]').click();
      await page.waitForURL(/before=/);
      expect(await offeredTimes(page)).toEqual(first);
    });
  });

  test('a part of the day and another language come in place, as their own pages say them', async () => {
    await as(SCRIPTED, TIMES, async (page) => {
      await follow(page, say('citizen.times.afternoon'));
      await page.waitForURL(/part=afternoon/);
      await expect.poll(() => focused(page)).toBe(say('citizen.times.afternoon'));
      const afternoon = await offeredTimes(page);
      await expect
        .poll(() => announced(page))
        .toBe(say('times.said', { hours: afternoon.length, days: 5 }));
      await page.locator('.change summary').click();
      await page.getByLabel('Euskara').check();
      await press(page, say('times.change.button'));
      await page.waitForURL(/language=eu/);
      await expect.poll(() => focused(page)).toBe(say('times.change.title'));
      expect(query(page).get('part')).toBe('afternoon');
      const basque = await offeredTimes(page);
      await page.reload();
      expect(await offeredTimes(page)).toEqual(basque);
      await page.goBack();
      await expect.poll(() => offeredTimes(page)).toEqual(afternoon);
    });
  });

  test('sign language is by video, with a script and without', async () => {
    for (const options of [SCRIPTED, {}])
      await as(options, `${TIMES}&from=2026-12-09`, async (page) => {
        await page.locator('.change summary').click();
        await page.getByLabel(say('common.signed.csc')).check();
        expect(await page.getByLabel(say('common.channel.phone')).isVisible()).toBe(false);
        await press(page, say('times.change.button'));
        await page.waitForURL(/language=csc/);
        expect(query(page).get('channel')).toBe('video');
        expect(query(page).get('from')).toBe('2026-12-09');
        expect(await seen(page)).toContain(say('times.signed.only'));
        const [time] = await offeredTimes(page);
        await chooseTime(page, time as Offered);
        await press(page, say('citizen.continue'));
        expect(await heading(page)).toBe(say('citizen.details.title'));
      });
  });

  test('without a connection it says so and loses nothing; pressed again, it is a plain link', async () => {
    await as(SCRIPTED, TIMES, async (page) => {
      const first = await offeredTimes(page);
      await chooseTime(page, first[1] as Offered);
      await page.context().setOffline(true);
      await more(page).click();
      await expect.poll(() => seen(page, 'alert')).toBe(say('times.failed'));
      expect(await chosen(page)).toBe(first[1]?.start);
      await page.context().setOffline(false);
      await more(page).click();
      await page.waitForURL(/from=/);
      expect(days(await offeredTimes(page))).toHaveLength(5);
    });
  });

  test('an answer that is no page of times is left to the browser', async () => {
    await as(SCRIPTED, TIMES, async (page) => {
      await page.route('**/times?**', (route) =>
        route.request().resourceType() === 'fetch'
          ? route.fulfill({ status: 503, body: 'not now' })
          : route.continue(),
      );
      await more(page).click();
      await page.waitForURL(/from=/);
      expect(days(await offeredTimes(page))).toHaveLength(5);
    });
  });

  test('a new tab is a new tab', async () => {
    await as(SCRIPTED, TIMES, async (page) => {
      const opened = page.context().waitForEvent('page');
      await more(page).click({ modifiers: ['Control'] });
      await (await opened).waitForURL(/from=/);
      expect(page.url()).toContain(TIMES);
    });
  });

  test('by keyboard alone: more days, then a time among them, then one of another day', async () => {
    await as(SCRIPTED, TIMES, async (page) => {
      const first = await offeredTimes(page);
      await tabTo(page, 'start');
      await page.keyboard.press('Space');
      await tabTo(page, say('citizen.times.more'));
      await page.keyboard.press('Enter');
      await expect.poll(async () => days(await offeredTimes(page)).length).toBe(10);
      const all = await offeredTimes(page);
      const [sixth, seventh] = [all[first.length], all[first.length + 1]];
      // The heading of the new day has the focus and the day is open: then come its morning and its first time.
      await tabTo(page, sixth?.name ?? '', 3);
      await page.keyboard.press('ArrowRight');
      expect(await chosen(page)).toBe(seventh?.start);

      const day = page.locator('details.day').nth(6);
      await tabTo(page, ((await day.locator('summary').first().textContent()) ?? '').trim());
      await page.keyboard.press('Enter');
      const inDay = all.filter((each) => each.start.startsWith(days(all)[6] ?? ''));
      await tabTo(page, inDay[0]?.name ?? '', 3);
      await page.keyboard.press('Space');
      expect(await page.locator('.days input:checked').count()).toBe(1);
      expect(await chosen(page)).toBe(inDay[0]?.start);

      await tabTo(page, say('citizen.continue'));
      await page.keyboard.press('Enter');
      await page.waitForURL(/details$/);
      const [, time = ''] = /, (\d+:\d\d)$/.exec(inDay[0]?.name ?? '') ?? [];
      expect(await seen(page)).toContain(time);
    });
  });

  test('by keyboard without a script: the arrows go from one open day to the next', async () => {
    await as({}, TIMES, async (page) => {
      const all = await offeredTimes(page);
      const day = page.locator('details.day').nth(1);
      await tabTo(page, ((await day.locator('summary').first().textContent()) ?? '').trim());
      await page.keyboard.press('Enter');
      await tabTo(page, 'start', 200);
      await page.keyboard.press('ArrowUp'); // round the end of the group: the last that is open
      const last = await chosen(page);
      expect(last.slice(0, 10)).toBe(days(all)[1]);
    });
  });

  test('the way back finds the time still chosen', async () => {
    for (const options of [SCRIPTED, {}])
      await as(options, `${TIMES}&from=2026-12-09`, async (page) => {
        const time = ofLastDay(await offeredTimes(page));
        await chooseTime(page, time);
        await press(page, say('citizen.continue'));
        await page.waitForURL(/details$/);
        await page.goBack();
        expect(await chosen(page)).toBe(time.start);
      });
  });

  test('a long day is folded, and every time has its whole name', async () => {
    await as({}, LONG, async (page) => {
      const parts = page.locator('details.part');
      const open = await parts.evaluateAll((all) => all.map((each) => each.hasAttribute('open')));
      expect(open.slice(0, 2)).toEqual([true, false]);
      // The open part of the first day is short: it ends within about a phone's screen.
      const box = await page.locator('details.day').first().boundingBox();
      expect(box?.height).toBeLessThan(740);
      await parts.nth(1).locator('summary').first().click();
      const tree = await page.locator('details.day').first().ariaSnapshot();
      const names = [...tree.matchAll(/radio "([^"]+)"/g)].map((match) => match[1] ?? '');
      expect(names.length).toBeGreaterThan(24);
      for (const name of names) expect(name).toMatch(/^dimecres, 25 de novembre, \d{1,2}:\d{2}$/);
      expect(tree).toMatch(/heading "[Dd]imecres, 25 de novembre \(avui\)" \[level=2\]/);
      expect(tree).toMatch(/heading "Matí" \[level=3\]/);
    });
  });

  test('each hour has a line of four at most, in the order of time; the others open', async () => {
    for (const width of [320, 1280])
      await as({ viewport: { width, height: 800 } }, TIMES, async (page) => {
        const part = page.locator('details.day').first().locator('details.part').first();
        const shown = part.locator(':scope > .hours .slot');
        const boxes = await shown.evaluateAll((slots) =>
          slots.map((slot) => {
            const { left, top } = slot.getBoundingClientRect();
            return { left, top, time: slot.textContent ?? '' };
          }),
        );
        const inOrder = boxes.toSorted((a, b) => a.top - b.top || a.left - b.left);
        expect(boxes).toEqual(inOrder);
        const lines = Map.groupBy(boxes, ({ top }) => Math.round(top));
        for (const line of lines.values()) {
          expect(line.length).toBeLessThanOrEqual(4);
          expect(new Set(line.map(({ time }) => time.split(':')[0])).size).toBe(1);
        }
        expect(await part.locator('.rest .slot').first().isVisible()).toBe(false);
        await part.locator('.rest summary').click();
        expect(await part.locator('.rest .slot').first().isVisible()).toBe(true);
      });
  });

  test('the bar appears with a choice, and a script writes the choice', async () => {
    for (const options of [SCRIPTED, {}])
      await as(options, TIMES, async (page) => {
        const button = page.getByRole('button', { name: say('citizen.continue'), exact: true });
        expect(await button.isVisible()).toBe(false);
        const time = (await offeredTimes(page))[2] as Offered;
        await chooseTime(page, time);
        expect(await button.isVisible()).toBe(true);
        const said = options === SCRIPTED ? `${time.name}, ${say('times.by.phone')}` : '';
        expect(await page.locator('#choice').textContent()).toBe(said);
      });
  });

  test('a form without a time, and a lost time: Back doesn’t ask to send it again', async () => {
    await as({}, TIMES, async (page) => {
      await page.evaluate(() =>
        document
          .querySelector<HTMLFormElement>('form[action*="times"][method="post"]:has(.days)')
          ?.submit(),
      );
      await page.waitForURL(/missing=1/);
      await page.goto(`${TIMES}&part=morning`);
      await page.goBack();
      expect(await seen(page, 'alert')).toContain(say('citizen.times.choose'));
    });
  });

  const STATES = [
    TIMES,
    LONG,
    `${LONG}&part=afternoon&from=2026-12-09`,
    `${TIMES}&from=2026-12-25`,
    TIMES.replace('phone&language=ca', 'video&language=csc'),
  ];

  test('whatever was pressed, axe and the IBM engine find nothing, and it fits', async () => {
    for (const path of STATES)
      await as({ ...SCRIPTED, bypassCSP: true, reducedMotion: 'reduce' }, path, async (page) => {
        if ((await more(page).count()) > 0) await showMore(page);
        await page.evaluate(() => {
          for (const each of document.querySelectorAll('details')) each.open = true;
        });
        const faults = [...(await axeFaults(page)), ...(await ibmFaults(page))];
        expect(faults, path).toEqual([]);
        expect(await overflowAt(page, 320), path).toBe(0);
        await page.addStyleTag({
          content: `* { line-height: 1.5 !important; letter-spacing: .12em !important;
            word-spacing: .16em !important } p { margin-bottom: 2em !important }`,
        });
        expect(await overflowAt(page, 320), path).toBe(0);
      });
  });

  test('the shown part is recognisable in forced colours', async () => {
    await as({ forcedColors: 'active' }, TIMES, async (page) => {
      const colour = (name: string) =>
        page
          .getByRole('link', { name, exact: true })
          .evaluate((each) => getComputedStyle(each).backgroundColor);
      expect(await colour(say('times.part.all'))).not.toBe(
        await colour(say('citizen.times.morning')),
      );
    });
  });
});
