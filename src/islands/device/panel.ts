import { adviceFor, isFit, resultOf, signFor } from '../../features/service/device/rules.ts';
import {
  type Browser,
  DEVICE_PARTS,
  type DevicePart,
  type Findings,
  type Found,
  TROUBLES,
} from '../../features/service/device/types.ts';
import type { MediaKind } from './media.ts';

/** The actions of the buttons, by their `data-do`. */
export type Doings = Record<
  'start' | 'stop' | 'camera' | 'microphone' | 'play' | 'heard' | 'unheard',
  () => void
>;

const SIGNS = { good: '✓', warn: '▲', now: '●', plain: '○' } as const;

/** The state of a part of the test. */
type Standing = Found<DevicePart> | 'trying' | null;

function signOf(what: Standing): keyof typeof SIGNS {
  if (what === null) return 'plain';
  if (what === 'trying') return 'now';
  return signFor(what);
}

const within = (part: DevicePart) => `[data-part="${part}"]`;

/** The test's part of the page: pictures, messages and buttons. */
export class Panel {
  readonly video: HTMLVideoElement;
  readonly #test: HTMLElement;
  readonly #words: Map<string, string>;
  /** The parts that the citizen needs: a citizen who signs needs both pictures. */
  readonly #needed: readonly DevicePart[];
  readonly #outcome: HTMLElement;
  readonly #heard: HTMLElement;
  readonly #meter: HTMLMeterElement;

  /** @throws when the page lacks the server's elements */
  constructor(test: HTMLElement) {
    this.#test = test;
    this.video = this.#find<HTMLVideoElement>('video');
    this.#words = readWords(this.#find<HTMLTemplateElement>('template'));
    this.#needed = 'signed' in test.dataset ? ['camera', 'network'] : DEVICE_PARTS;
    this.#outcome = this.#find('[role="status"]');
    this.#heard = this.#find('[data-heard]');
    this.#meter = this.#find<HTMLMeterElement>('meter');
  }

  word(name: string): string {
    return this.#words.get(name) ?? '';
  }

  say(text: string): void {
    // Written only when it changes, so that a screen reader says it once.
    if (this.#outcome.textContent !== text) this.#outcome.textContent = text;
  }

  /** Replaces the words for browsers without scripts with the test. */
  on(doings: Doings): void {
    for (const [name, act] of Object.entries(doings))
      this.#find(`[data-do="${name}"]`).addEventListener('click', act);
    this.#button('play').hidden = false;
    document.getElementById('by-hand')?.setAttribute('hidden', '');
    this.#test.hidden = false;
  }

  setRunning(isRunning: boolean): void {
    const stop = this.#button('stop');
    const start = this.#button('start');
    if (!isRunning && document.activeElement === stop) start.focus();
    stop.hidden = !isRunning;
    if (!isRunning) {
      for (const each of this.#test.querySelectorAll<HTMLElement>('[data-while]'))
        each.hidden = true;
      for (const kind of ['camera', 'microphone'] as const) this.#button(kind).hidden = true;
      return;
    }
    document.getElementById('last')?.setAttribute('hidden', '');
    start.textContent = this.word('again');
    start.classList.add('quiet');
    this.say('');
  }

  /** Shows the state of a part, with advice where it doesn't work. */
  show(part: DevicePart, what: Standing, browser: Browser): void {
    const shown = this.#find(`${within(part)} [data-found]`);
    shown.replaceChildren(tag(signOf(what), this.#wordsFor(what)));
    const trouble = TROUBLES.find((each) => each === what);
    const advice = trouble ? adviceFor(part, trouble, browser) : [];
    const list = this.#find(`${within(part)} [data-advice]`);
    list.replaceChildren(...advice.map((each) => item(this.word(`advice.${each}`))));
    list.hidden = advice.length === 0;
    if (part !== 'speaker' || what === 'trying') return;
    if (this.#heard.contains(document.activeElement)) this.#button('play').focus();
    this.#heard.hidden = true;
  }

  /** Shows the result of the whole test, and returns it. */
  conclude(findings: Findings): string {
    const bad = this.#needed.flatMap((part) => {
      const found = findings[part];
      return found && !isFit(found) ? [this.#foundIn(part, found)] : [];
    });
    const result = resultOf(findings, this.#needed);
    const text = [this.word(`result.${result}`), ...bad].join(' ');
    this.say(text);
    return text;
  }

  reveal(kind: MediaKind): void {
    this.#find(`${within(kind)} [data-while]`).hidden = false;
  }

  offerOther(kind: MediaKind, hasOther: boolean): void {
    this.#button(kind).hidden = !hasOther;
  }

  setLevel(level: number): void {
    this.#meter.value = level;
  }

  askHeard(): void {
    this.#heard.hidden = false;
    for (const name of ['heard', 'unheard'] as const) this.#button(name).hidden = false;
    this.#button('heard').focus();
  }

  #find<E extends HTMLElement = HTMLElement>(what: string): E {
    const found = this.#test.querySelector<E>(what);
    if (!found) throw new Error(`The page lacks ${what}`);
    return found;
  }

  #button(name: keyof Doings): HTMLButtonElement {
    return this.#find<HTMLButtonElement>(`[data-do="${name}"]`);
  }

  #wordsFor(what: Standing): string {
    if (what === null) return this.word('state.waiting');
    return this.word(what === 'trying' ? 'state.trying' : `found.${what}`);
  }

  #foundIn(part: DevicePart, what: Found<DevicePart>): string {
    return `${this.#find(`${within(part)} h2`).textContent}: ${this.word(`found.${what}`)}.`;
  }
}

/** Returns the page's texts, which the server put there. */
function readWords(template: HTMLTemplateElement): Map<string, string> {
  const all = [...template.content.querySelectorAll<HTMLElement>('[data-word]')];
  return new Map(all.map((each) => [each.dataset.word ?? '', each.textContent ?? '']));
}

/** Returns a word with its sign, like the server's `Tag`. */
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
