import { adviceFor, isFit } from '../../features/service/device/rules.ts';
import {
  type Browser,
  DEVICE_PARTS,
  type DevicePart,
  type Findings,
  type Found,
  TROUBLES,
} from '../../features/service/device/types.ts';
import type { MediaKind } from './media.ts';

/** What the buttons do, by their `data-do`. */
export type Doings = Record<
  'start' | 'stop' | 'camera' | 'microphone' | 'play' | 'heard' | 'unheard',
  () => void
>;

/** The page's side of the test: what is seen, said and pressed. */
export interface Panel {
  video: HTMLVideoElement;
  word(name: string): string;
  on(doings: Doings): void;
  setRunning(isRunning: boolean): void;
  /** How a part stands, with advice where it doesn't work. */
  show(part: DevicePart, what: Found<DevicePart> | 'trying' | null, browser: Browser): void;
  /** Says what the whole test found, and answers it. */
  conclude(findings: Findings): string;
  say(words: string): void;
  reveal(kind: MediaKind): void;
  offerOther(kind: MediaKind, hasOther: boolean): void;
  setLevel(level: number): void;
  askHeard(): void;
}

const SIGNS = { good: '✓', warn: '▲', now: '●', plain: '○' } as const;

/** Puts the test in the place of the words for who has no scripts. @throws where the page isn't as the server makes it */
export function openPanel(test: HTMLElement): Panel {
  const find = <E extends HTMLElement>(what: string): E => {
    const found = test.querySelector<E>(what);
    if (!found) throw new Error(`The page lacks ${what}`);
    return found;
  };
  const words = readWords(find<HTMLTemplateElement>('template'));
  const word = (name: string): string => words.get(name) ?? '';
  const button = (name: keyof Doings) => find<HTMLButtonElement>(`[data-do="${name}"]`);
  const of = (part: DevicePart) => `[data-part="${part}"]`;
  // Who signs needs to see and be seen.
  const needed: readonly DevicePart[] =
    'signed' in test.dataset ? ['camera', 'network'] : DEVICE_PARTS;
  const outcome = find('[role="status"]');
  const heard = find('[data-heard]');
  const meter = find<HTMLMeterElement>('meter');
  const foundIn = (part: DevicePart, what: Found<DevicePart>) =>
    `${find(`${of(part)} h2`).textContent}: ${word(`found.${what}`)}.`;
  const say = (text: string) => {
    // Written only when it is news: a screen reader says it once.
    if (outcome.textContent !== text) outcome.textContent = text;
  };

  return {
    video: find<HTMLVideoElement>('video'),
    word,
    say,
    on: (doings) => {
      for (const [name, act] of Object.entries(doings))
        find(`[data-do="${name}"]`).addEventListener('click', act);
      button('play').hidden = false;
      document.getElementById('by-hand')?.setAttribute('hidden', '');
      test.hidden = false;
    },
    setRunning: (isRunning) => {
      const stop = button('stop');
      if (!isRunning && document.activeElement === stop) button('start').focus();
      stop.hidden = !isRunning;
      if (!isRunning) {
        for (const each of test.querySelectorAll<HTMLElement>('[data-while]')) each.hidden = true;
        for (const kind of ['camera', 'microphone'] as const) button(kind).hidden = true;
        return;
      }
      document.getElementById('last')?.setAttribute('hidden', '');
      button('start').textContent = word('again');
      button('start').classList.add('quiet');
      say('');
    },
    show: (part, what, browser) => {
      const sign =
        what === null ? 'plain' : what === 'trying' ? 'now' : isFit(what) ? 'good' : 'warn';
      const text =
        what === null
          ? word('state.waiting')
          : word(what === 'trying' ? 'state.trying' : `found.${what}`);
      find(`${of(part)} [data-found]`).replaceChildren(tag(sign, text));
      const trouble = TROUBLES.find((each) => each === what);
      const advice = trouble ? adviceFor(part, trouble, browser) : [];
      const list = find(`${of(part)} [data-advice]`);
      list.replaceChildren(...advice.map((each) => item(word(`advice.${each}`))));
      list.hidden = advice.length === 0;
      if (part !== 'speaker' || what === 'trying') return;
      if (heard.contains(document.activeElement)) button('play').focus();
      heard.hidden = true;
    },
    conclude: (findings) => {
      const all = needed.map((part) => ({ part, found: findings[part] }));
      const bad = all.flatMap(({ part, found }) =>
        found && !isFit(found) ? [foundIn(part, found)] : [],
      );
      const isAll = needed.every((part) => findings[part]);
      const result = bad.length > 0 ? 'bad' : isAll ? 'good' : 'almost';
      const text = [word(`result.${result}`), ...bad].join(' ');
      say(text);
      return text;
    },
    reveal: (kind) => {
      find(`${of(kind)} [data-while]`).hidden = false;
    },
    offerOther: (kind, hasOther) => {
      button(kind).hidden = !hasOther;
    },
    setLevel: (level) => {
      meter.value = level;
    },
    askHeard: () => {
      heard.hidden = false;
      for (const name of ['heard', 'unheard'] as const) button(name).hidden = false;
      button('heard').focus();
    },
  };
}

/** The page's own words, as the server put them there. */
function readWords(template: HTMLTemplateElement): Map<string, string> {
  const all = [...template.content.querySelectorAll<HTMLElement>('[data-word]')];
  return new Map(all.map((each) => [each.dataset.word ?? '', each.textContent ?? '']));
}

/** A word with its sign, as the server's `Tag`. */
function tag(kind: keyof typeof SIGNS, text: string): HTMLElement {
  const sign = document.createElement('span');
  sign.ariaHidden = 'true';
  sign.textContent = SIGNS[kind];
  const whole = document.createElement('span');
  whole.className = `tag ${kind}`;
  whole.append(sign, text);
  return whole;
}

function item(text: string): HTMLElement {
  const line = document.createElement('li');
  line.textContent = text;
  return line;
}
