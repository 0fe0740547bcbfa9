import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Frame, Page } from 'playwright-core';
import { ROOT } from './processes.ts';
import type { State } from './states.ts';

const read = (path: string) => readFileSync(join(ROOT, 'node_modules', path), 'utf8');

/** The engines, by the address at which doors have them: what a browser fetches, it keeps as compiled code. */
const AXE = '/engines/axe.js';
const ACE = '/engines/ace.js';
const ENGINES: ReadonlyMap<string, string> = new Map([
  [AXE, read('axe-core/axe.min.js')],
  [ACE, read('accessibility-checker-engine/ace.js')],
]);
/** Origins of doors. */
const doors = new Set<string>();

const TAGS = [
  ...['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa'],
  ...['EN-301-549', 'best-practice'],
];

/** A browser's page in which stored pages can be shown again. */
export interface Viewer extends AsyncDisposable {
  page: Page;
  context: BrowserContext;
  /** Where it is seen. */
  origin: string;
  /** Shows a stored page, at its own address; days and other details open, so that all of it is visible. */
  show(state: State): Promise<void>;
  /** From now on answers with this page, at its address where a frame asks for it. */
  send(state: State): void;
  /** Whether what is sent now was asked for. */
  isShown(): boolean;
}

/** `host`: a page that holds a frame, in which what is sent is then shown (scanning/frame.ts). */
export async function openViewer(
  browser: Browser,
  town: string,
  options: BrowserContextOptions = {},
  host?: string,
): Promise<Viewer> {
  let sent: State | null = null;
  let isShown = false;
  const door = await openDoor(town, (to, path) => {
    if (to === 'document' && host !== undefined) return host;
    // The town serves all else, also the frames within a page.
    if (to !== (host === undefined ? 'document' : 'iframe')) return null;
    if (host !== undefined && path !== sent?.path) return STAY;
    isShown = true;
    return sent?.html ?? STAY;
  });
  const { origin } = door;
  // The scanners are put into the page, which a page's own policy would rightly refuse.
  const context = await browser.newContext({
    bypassCSP: true,
    serviceWorkers: 'block',
    baseURL: origin,
    ...options,
  });
  await context.addInitScript(keepInPlace);
  const page = await context.newPage();
  return {
    page,
    context,
    origin,
    isShown: () => isShown,
    send: (state) => {
      sent = state;
      isShown = false;
    },
    show: async (state) => {
      sent = state;
      await page.goto(state.path);
      await page.evaluate(() => {
        for (const each of document.querySelectorAll('details')) each.open = true;
      });
    },
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await door[Symbol.asyncDispose]();
    },
  };
}

/** Keeps a stored page where it is: its own scripts, which find that time has passed, can neither lead it away nor load it again. */
function keepInPlace(): void {
  navigation.addEventListener('navigate', (event) => {
    if (event.destination.sameDocument || !event.cancelable) return;
    const { dataset } = document.documentElement;
    // Once: a page that is being left could still ask for itself, in place of the next one.
    if (dataset.isLed) delete dataset.isLed;
    else event.preventDefault();
  });
}

/** An answer without a page: the frame that asked for one stays as it is. */
const STAY = '';

/**
 * A door of the town's behind which every page is the one that is shown, and all else as ever. (A browser whose requests are
 * intercepted keeps no styles, no scripts and no font from page to page.)
 */
async function openDoor(
  town: string,
  pageFor: (destination: string, path: string) => string | null,
): Promise<AsyncDisposable & { origin: string }> {
  const server = createServer((request, response) => {
    const { method, headers, url = '/' } = request;
    const page = pageFor(String(headers['sec-fetch-dest']), url);
    if (page === STAY) {
      response.writeHead(204).end();
      return;
    }
    const engine = ENGINES.get(url);
    if (engine) {
      response.setHeader('Content-Type', 'text/javascript; charset=utf-8');
      response.setHeader('Cache-Control', 'max-age=3600').end(engine);
      return;
    }
    if (page !== null) {
      response.setHeader('Content-Type', 'text/html; charset=utf-8').end(page);
      return;
    }
    const onward = ask(new URL(url, town), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  }).listen(0, 'localhost');
  await once(server, 'listening');
  const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  doors.add(origin);
  return {
    origin,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Puts an engine into a page. */
async function put(page: Page, engine: string): Promise<void> {
  if (!doors.has(new URL(page.url()).origin)) {
    await page.evaluate(ENGINES.get(engine) ?? '');
    return;
  }
  await page.evaluate(async (src) => {
    const script = Object.assign(document.createElement('script'), { src });
    const { promise, resolve, reject } = Promise.withResolvers();
    Object.assign(script, { onload: resolve, onerror: reject });
    document.head.append(script);
    await promise;
    script.remove();
  }, engine);
}

/** Whether states that a journey comes to are scanned: a plain `npm test` leaves it at one state of each template (docs/adr/0157). */
export const SCANS_JOURNEYS = process.env.TEST_MOST !== '1';

/** Returns what axe finds of a state that a journey has come to, where such are scanned. */
export const axeFaults = async (page: Page, only?: string[]): Promise<string[]> =>
  SCANS_JOURNEYS ? axeFindings(page, only) : [];

/** Returns what the IBM engine finds, likewise. */
export const ibmFaults = async (page: Page): Promise<string[]> =>
  SCANS_JOURNEYS ? ibmFindings(page) : [];

interface AxeWindow {
  axe: {
    run(
      context: Document | { exclude: string[] },
      options: object,
    ): Promise<{
      violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[];
    }>;
  };
}

/** Returns the faults that axe-core finds once the page has its styles. `only`: these rules alone. */
export async function axeFindings(page: Page, only?: string[]): Promise<string[]> {
  await page.waitForLoadState();
  if (!(await page.evaluate(() => 'axe' in window))) await put(page, AXE);
  // Style sheets would be fetched anew for each page, for an experimental rule that is not among these (the IBM engine has its like).
  const preload = { assets: ['media'] };
  const runOnly = only ? { type: 'rule', values: only } : { type: 'tag', values: TAGS };
  return page.evaluate(
    async (options) => {
      const { axe } = window as unknown as AxeWindow;
      // A bar that stays at the bottom covers part of something wherever one scrolls; keys.e2e looks at what has the focus.
      const bars = [...document.querySelectorAll<HTMLElement>('.action')];
      for (const bar of bars) bar.style.position = 'static';
      const { violations } = await axe.run({ exclude: ['iframe'] }, options);
      for (const bar of bars) bar.style.removeProperty('position');
      return violations.flatMap(({ id, nodes }) =>
        nodes.map((each) => `axe ${id}: ${each.html.slice(0, 160)} ${each.failureSummary ?? ''}`),
      );
    },
    { runOnly, resultTypes: ['violations'], preload },
  );
}

interface AceWindow {
  ace: {
    Checker: new () => {
      check(
        node: Document,
        rulesets: string[],
      ): Promise<{
        results: {
          ruleId: string;
          value: [string, string];
          message: string;
          snippet: string;
        }[];
      }>;
    };
  };
}

/** Findings of the IBM engine that are its own mistakes. */
const IBM_MISTAKES: { rule: RegExp; snippet: RegExp; why: string }[] = [
  {
    rule: /^input_autocomplete_valid$/,
    snippet: /^<input[^>]* autocomplete="username( webauthn)?"[^>]* type="email"/,
    why: 'HTML allows username on type=email (the Username control group), with webauthn after it, and browsers fill it in',
  },
  {
    rule: /^aria_(form_label_unique|landmark_name_unique)$/,
    snippet: /^<form(?![^>]*aria-label)/,
    why: 'a form without a name is no landmark (HTML-AAM), so it need not be told from another',
  },
  {
    rule: /^element_tabbable_role_valid$/,
    snippet: /^<section[^>]* aria-label(ledby)?="[^>]* class="(scroll|chat-log|table)"/,
    why: 'what scrolls must be reached by the keyboard (axe: scrollable-region-focusable); it has a role and a name',
  },
  {
    rule: /^input_checkboxes_grouped$/,
    snippet: /name="points"/,
    why: 'the check-list of each procedure is a group of its own, with its name; that all are sent as one field nobody hears',
  },
  {
    rule: /^element_attribute_deprecated$/,
    snippet: /^<ol[^>]* start="/,
    why: 'HTML allows it: a list goes on with the numbers that the map has',
  },
  {
    rule: /^element_attribute_deprecated$/,
    snippet: /^<t[^>]* (role="presentation"|style=|align=)/,
    why: 'only in mails, whose layout tables need them: Outlook knows no other way',
  },
  {
    rule: /^fieldset_legend_valid$/,
    snippet: /^<fieldset class="room-controls"/,
    why: 'the legend is read aloud and not seen: the engine takes what clip-path hides for hidden from everybody, browsers name the group by it. A script draws it, so the engine sees it only in a page whose script was quicker',
  },
];

/**
 * What the IBM engine finds wrong for certain. What it calls POTENTIAL or MANUAL are questions that it puts to a person
 * on every page ("is this link's purpose clear?"), not findings.
 */
export async function ibmFindings(page: Page): Promise<string[]> {
  await page.waitForLoadState();
  await put(page, ACE);
  const faults = await page.evaluate(async () => {
    const { ace } = window as unknown as AceWindow;
    const { results } = await new ace.Checker().check(document, ['IBM_Accessibility', 'WCAG_2_2']);
    return results
      .filter(({ value }) => value[1] === 'FAIL' && value[0] !== 'INFORMATION')
      .map(({ ruleId, message, snippet }) => ({ ruleId, message, snippet }));
  });
  return faults
    .filter(
      ({ ruleId, snippet }) =>
        !IBM_MISTAKES.some((each) => each.rule.test(ruleId) && each.snippet.test(snippet)),
    )
    .map((each) => `ibm ${each.ruleId}: ${each.message} ${each.snippet.slice(0, 160)}`);
}

/** How many pixels of the page lie outside a screen of this width: none, where it reflows. */
export async function overflowAt(page: Page, width: number): Promise<number> {
  if (page.viewportSize()?.width !== width) await page.setViewportSize({ width, height: 640 });
  return overflowOf(page);
}

/** How many pixels of a page lie beside what is seen of it. */
export const overflowOf = (page: Page | Frame): Promise<number> =>
  page.evaluate(() => {
    const root = document.documentElement;
    return Math.max(0, root.scrollWidth - root.clientWidth);
  });

/**
 * Controls smaller than `least` CSS pixels either way with another control nearer than that (WCAG 2.5.8); links inside a
 * sentence are exempt.
 */
export function smallTargets(page: Page | Frame, least: number): Promise<string[]> {
  return page.evaluate((limit) => {
    const controls = 'a[href], button, input:not([type="hidden"]), select, textarea, summary';
    const isInSentence = (each: Element) =>
      each.matches('a, button.link') &&
      [...(each.parentElement?.childNodes ?? [])].some(
        (node) => node !== each && (node.textContent ?? '').trim() !== '',
      );
    const isTooSmall = ({ width, height }: DOMRect) => width < limit || height < limit;
    const targets = [...document.querySelectorAll<HTMLElement>(controls)].flatMap((each) => {
      const labels = each instanceof HTMLInputElement ? [...(each.labels ?? [])] : [];
      const boxes = [each, ...labels].map((one) => one.getBoundingClientRect());
      const largest = boxes.reduce((a, b) => (a.width * a.height > b.width * b.height ? a : b));
      const box = boxes.find((one) => !isTooSmall(one)) ?? largest;
      const isClipped = getComputedStyle(each).clipPath !== 'none' && labels.length === 0;
      const isHidden = !each.checkVisibility() || isClipped || box.bottom < 0;
      return isHidden || isInSentence(each) ? [] : [{ each, box }];
    });
    // The distance from the middle of a box to another's edge; half the limit of each must fit between two small ones.
    const isNear = (a: DOMRect, b: DOMRect) => {
      const x = a.x + a.width / 2;
      const y = a.y + a.height / 2;
      const dx = Math.max(b.left - x, x - b.right, 0);
      const dy = Math.max(b.top - y, y - b.bottom, 0);
      return Math.hypot(dx, dy) < limit / 2;
    };
    return targets
      .filter(({ box }) => isTooSmall(box))
      .filter((one) => targets.some((other) => other !== one && isNear(one.box, other.box)))
      .map(({ each, box }) => {
        const name = (each.ariaLabel || each.textContent || each.id).trim().slice(0, 60);
        return `${each.tagName.toLowerCase()} “${name}”: ${box.width} × ${box.height}`;
      });
  }, least);
}
