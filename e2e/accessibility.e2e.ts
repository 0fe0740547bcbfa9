import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LANGUAGES } from '../src/lib/i18n/languages.ts';
import { faultsOf } from '../src/web/citizen/testing.ts';
import { withEachPart, withLongestWords } from '../src/web/testing/cover.ts';
import { CHROME, openBrowser } from './support/browser.ts';
import { RIGHT_TO_LEFT, say } from './support/pages.ts';
import {
  axeFindings,
  ibmFindings,
  openViewer,
  overflowOf,
  SCANS_JOURNEYS,
  smallTargets,
} from './support/scan.ts';
import { WITH_GRAPH } from './support/scanning/calendar-states.ts';
import { type FramedViewer, openFrame } from './support/scanning/frame.ts';
import { collectStates, type State } from './support/states.ts';
import { MORNING, openTown, type Town } from './support/town.ts';

/** Only the pages whose name matches STATES are scanned, while one works on them. */
const WHICH = new RegExp(process.env.STATES ?? '');
/**
 * How much is looked at (ADR 0154): by a plain `npm test` each template of a page in one state, which has most; else the states that together have each part;
 * with FULL=1, before a release, each state in each language, even where another has all that it has.
 */
const DEPTH = process.env.FULL === '1' ? 'full' : SCANS_JOURNEYS ? 'parts' : 'templates';
const PATIENCE = DEPTH === 'full' ? 7_200_000 : 900_000;
/** A page whose longest words have so much of the longest in their place stands for those of the others. */
const NEARLY = 0.9;
/** A phone at 400 % zoom, or a very small one (WCAG 1.4.10). */
const NARROW = 320;
const PHONE = 360;
/** The text spacing that a reader may choose (WCAG 1.4.12). */
const SPACED = `* { line-height: 1.5 !important; letter-spacing: 0.12em !important;
  word-spacing: 0.16em !important } p { margin-bottom: 2em !important }`;

describe.skipIf(!CHROME)('every page', () => {
  let browser: Browser;
  let town: Town;
  let states: State[];

  beforeAll(async () => {
    // Its windows have no part in it, but a shell is not tried enough (ADR 0154).
    browser = await openBrowser([], CHROME);
    town = await openTown({ clock: MORNING, env: WITH_GRAPH });
    states = await collectStates(town, DEPTH === 'templates' ? ['ca'] : LANGUAGES);
  }, 900_000);
  afterAll(async () => {
    await town?.[Symbol.asyncDispose]();
    await browser?.close();
  });

  const wanted = () => states.filter((each) => WHICH.test(each.name));
  /** A mail is written for mail programs, with tables and styles in its tags. */
  const pages = () => wanted().filter(({ name }) => !name.startsWith('mail'));
  /** Returns each state once, in a language derived from its name: all languages have the same elements. */
  const once = (some: readonly State[]) =>
    [...Map.groupBy(some, (each) => each.name)].flatMap(
      ([name, same]) => same[name.length % same.length] ?? [],
    );
  /** Returns the state with most markup of each template: of the console, each page is one. */
  const templates = (some: readonly State[]) =>
    [...Map.groupBy(some, ({ name }) => name.split(':')[0]).values()].map((same) =>
      same.reduce((a, b) => (b.html.length > a.html.length ? b : a)),
    );
  const chosen = (parts: () => readonly State[], all: readonly State[]) =>
    ({ templates: () => templates(all), parts, full: () => all })[DEPTH]();
  const stateOf = (name: string): State => {
    const found = states.find((each) => each.name === name && each.language === 'ca');
    if (!found) throw new Error(`No state “${name}”`);
    return found;
  };

  interface Looker extends AsyncDisposable {
    page: Page;
    origin: string;
  }

  /** Checks pages, two at a time; returns the results of `look`, each with its page's name. */
  async function faultsIn<V extends Looker>(
    which: readonly State[],
    open: () => Promise<V>,
    look: (viewer: V, state: State) => Promise<string[]>,
  ): Promise<string[]> {
    const left = [...which];
    const faults: string[] = [];
    const work = async () => {
      await using viewer = await open();
      const asked: string[] = [];
      viewer.page.on('request', (request) => {
        const { origin } = new URL(request.url());
        if (origin !== viewer.origin && origin !== town.origin) asked.push(request.url());
      });
      for (let state = left.shift(); state; state = left.shift()) {
        const found = await look(viewer, state).catch((cause) => {
          throw new Error(`${state?.language} ${state?.name} could not be looked at`, { cause });
        });
        found.push(...asked.splice(0).map((url) => `asks others: ${url}`));
        faults.push(...found.map((each) => `${state?.language} ${state?.name}: ${each}`));
      }
    };
    await Promise.all([work(), work()]);
    return faults;
  }

  test('is served with its own status and type', () => {
    expect(states.length).toBeGreaterThan(300);
    const broken = states.filter((each) => each.status >= 500 || !each.html.includes('<h1'));
    expect(broken.map((each) => `${each.language} ${each.name}: ${each.status}`)).toEqual([]);
    const names = states.map((each) => `${each.language} ${each.name}`);
    expect(names.filter((each, index) => names.indexOf(each) !== index)).toEqual([]);
    const scripts = /<script(?! type="application\/ld\+json"| type="module" src="\/assets\/)/;
    const inline = states.filter((each) => scripts.test(each.html));
    expect(inline.map((each) => `${each.language} ${each.name}`)).toEqual([]);
  });

  test(
    'axe and the IBM engine find nothing; dark mode has contrast; nothing moves with reduced motion',
    async () => {
      const open = () => openViewer(browser, town.origin);
      const faults = await faultsIn(
        chosen(() => withEachPart(once(wanted())), wanted()),
        open,
        async ({ page, show }, state) => {
          await show(state);
          const light = [...(await axeFindings(page)), ...(await ibmFindings(page))];
          await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
          const dark = await axeFindings(page, ['color-contrast']);
          const moving = await movingIn(page);
          await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'no-preference' });
          return [...light, ...dark.map((each) => `in the dark: ${each}`), ...moving];
        },
      );
      expect(faults).toEqual([]);
    },
    PATIENCE,
  );

  test(
    'html-validate finds nothing in any state, nor in what only another language has',
    async () => {
      const faults: string[] = [];
      const some = once(pages());
      for (const { language, name, html } of chosen(
        () => [...some, ...withEachPart(pages(), some)],
        pages(),
      ))
        faults.push(...(await faultsOf(html)).map((each) => `${language} ${name}: ${each}`));
      expect(faults).toEqual([]);
    },
    PATIENCE,
  );

  test(
    'fits a narrow screen in every language, and has controls that a finger can hit',
    async () => {
      const options = { viewport: { width: 400, height: 740 }, hasTouch: true };
      const open = () => openFrame(browser, town.origin, options);
      const which = chosen(() => withLongestWords(pages(), NEARLY), pages());
      const faults = await faultsIn(which, open, async (viewer, state) => {
        await viewer.show(state, PHONE);
        const small = state.name === 'demo' ? [] : await smallTargets(viewer.frame, 24);
        await viewer.resize(NARROW);
        return [...small.map((each) => `small: ${each}`), ...(await tooWide(viewer))];
      });
      expect(faults).toEqual([]);
    },
    PATIENCE,
  );

  test('has its language and its own title', () => {
    const kinds = new Map<string, Set<string>>();
    for (const { name, language, html } of states) {
      const written = name === RIGHT_TO_LEFT.name ? RIGHT_TO_LEFT.language : language;
      expect(/<html[^>]* lang="(\w+)"/.exec(html)?.[1], `${language} ${name}`).toBe(written);
      const title = /<title>([^<]+)<\/title>/.exec(html)?.[1] ?? '';
      const [kind = ''] = name.split(':');
      if (name.includes('mail')) continue;
      const key = `${language} ${title.replace(/^[^:]+: /, '')}`;
      kinds.set(key, (kinds.get(key) ?? new Set()).add(kind));
    }
    const shared = [...kinds].filter(([, names]) => names.size > 1);
    expect(shared.map(([title, names]) => `${title}: ${[...names].join(', ')}`)).toEqual([]);
  });

  test('names its times by weekday, date and hour', async () => {
    await using viewer = await openViewer(browser, town.origin);
    await viewer.show(stateOf('times'));
    const free = say('citizen.times.legend');
    const times = viewer.page.getByRole('group', { name: free, exact: true });
    const tree = await times.ariaSnapshot();
    const names = [...tree.matchAll(/radio "([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(names.length).toBeGreaterThan(20);
    for (const name of names)
      expect(name).toMatch(
        /^d(illuns|imarts|imecres|ijous|ivendres), \d{1,2} (de |d’)[a-zç]+, \d{1,2}:\d{2}$/,
      );
    expect(new Set(names).size).toBe(names.length);
    expect(tree).toContain(`group "${free}"`);
  });

  test('shows the choice and the focus in forced colours', async () => {
    await using viewer = await openViewer(browser, town.origin, { forcedColors: 'active' });
    const { page } = viewer;
    for (const [state, box] of [
      ['times', '.slot:has([type="radio"])'],
      ['needs: errors', '.choice:has([type="checkbox"])'],
      ['details', '.choice:has([value="other"][type="radio"])'],
      ['survey', '.slot:has([type="radio"])'],
    ] as const) {
      await viewer.show(stateOf(state));
      await differs(`${state} ${box}, chosen`, page.locator(box).last(), (input) => input.check());
      await viewer.show(stateOf(state));
      await differs(`${state} ${box}, focused`, page.locator(box).last(), (input) => input.focus());
    }
    await viewer.show(stateOf('times'));
    const borders = await page
      .locator('.button, input[type="text"]')
      .evaluateAll((all) =>
        all.map((each) => Number.parseFloat(getComputedStyle(each).borderTopWidth)),
      );
    expect(Math.min(...borders)).toBeGreaterThan(0);
  });
});

/** Returns the parts that are wider than the frame, also with the reader's text spacing. */
async function tooWide({ frame }: FramedViewer): Promise<string[]> {
  const over = await overflowOf(frame);
  await frame.addStyleTag({ content: SPACED });
  const spaced = await overflowOf(frame);
  return [
    ...(over > 0 ? [`${over} px too wide`] : []),
    ...(spaced > 0 ? [`${spaced} px too wide when its reader spaces the text`] : []),
  ];
}

/** Whether doing something to a box's control changes how it looks. */
async function differs(what: string, box: Locator, act: (input: Locator) => Promise<void>) {
  await box.scrollIntoViewIfNeeded();
  const before = await box.screenshot();
  await act(box.locator('input'));
  const after = await box.screenshot();
  expect(after.equals(before), what).toBe(false);
}

/** Returns the parts that would move despite reduced motion. */
function movingIn(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const longest = (list: string) => Math.max(...list.split(',').map(Number.parseFloat));
    return [...document.querySelectorAll('*')]
      .filter((each) => {
        const { transitionDuration, animationDuration } = getComputedStyle(each);
        return longest(transitionDuration) > 0.01 || longest(animationDuration) > 0.01;
      })
      .map((each) => `moves: ${each.outerHTML.slice(0, 80)}`);
  });
}
