import type { Told, Transfer } from './transfer.ts';

/** A file being sent, as the page shows it. */
export interface Item {
  element: HTMLLIElement;
  tell(told: Told): void;
}

type Word = (name: string) => string;

/** Makes a line with a file's name, its progress, and its actions. `say`: reads a text out for screen readers. */
export function itemOf(
  file: File,
  word: Word,
  on: { transfer(): Transfer; remove(): void; say(text: string): void },
): Item {
  const element = document.createElement('li');
  element.className = 'stack';
  const title = make('p', 'row');
  const name = make('span', 'said');
  name.textContent = file.name;
  const state = make('span', 'soft');
  title.append(name, state);
  const progress = document.createElement('progress');
  progress.max = file.size;
  progress.value = 0;
  progress.setAttribute('aria-label', `${word('progress')}: ${file.name}`);
  const acts = make('p', 'row');
  const pause = button(word('pause'), file.name, () => {
    const isPaused = pause.dataset.paused === 'yes';
    if (isPaused) on.transfer().resume();
    else on.transfer().pause();
    setPaused(!isPaused);
  });
  const setPaused = (isPaused: boolean) => {
    pause.dataset.paused = isPaused ? 'yes' : 'no';
    relabel(pause, word(isPaused ? 'resume' : 'pause'), file.name);
  };
  acts.append(
    pause,
    button(word('withdraw'), file.name, () => {
      on.transfer().giveUp();
      on.remove();
    }),
  );
  element.append(title, progress, acts);

  let last = '';
  const announce = (what: string, text: string) => {
    state.textContent = text;
    // Written only when it changes, so that a screen reader says it once.
    if (what !== last && what !== 'waiting') on.say(`${file.name}: ${text}`);
    last = what;
  };

  return {
    element,
    tell(told) {
      if (told.state === 'failed') {
        progress.remove();
        pause.remove();
        element.classList.add('wrong');
        state.className = 'mend';
        return announce('failed', word(`mistake.${told.reason}`) || word('mistake.failed'));
      }
      progress.value = told.sent;
      if (told.state === 'done') acts.remove();
      announce(told.state, word(told.state));
    },
  };
}

function make(tag: 'p' | 'span', className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}

function button(text: string, of: string, press: () => void): HTMLButtonElement {
  const element = document.createElement('button');
  element.type = 'button';
  element.className = 'link';
  relabel(element, text, of);
  element.addEventListener('click', press);
  return element;
}

function relabel(element: HTMLButtonElement, text: string, of: string): void {
  const more = document.createElement('span');
  more.className = 'hide';
  more.textContent = ` ${of}`;
  element.replaceChildren(text, more);
}
