import { pressOf, shortcutOf } from '../../features/keys/rules.ts';

const STORED = 'finestreta keys';

/** Makes the person's keys do what the page marks with `data-action`, until they are switched off in the bar. */
export function listenToKeys(live: HTMLElement): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'link small';
  let isOn = readChoice();

  const show = () => {
    button.textContent = (isOn ? live.dataset.keysOn : live.dataset.keysOff) ?? '';
    document.documentElement.toggleAttribute('data-keys', isOn);
    for (const each of document.querySelectorAll<HTMLElement>('[data-action]')) {
      const press = pressFor(each.dataset.action ?? '');
      if (isOn && press) each.setAttribute('aria-keyshortcuts', shortcutOf(press));
      else each.removeAttribute('aria-keyshortcuts');
    }
  };

  button.addEventListener('click', () => {
    isOn = !isOn;
    keepChoice(isOn);
    show();
  });
  document.addEventListener('keydown', (event) => {
    const press = pressOf(event);
    if (!isOn || !press || event.repeat || event.isComposing || isField(event.target)) return;
    const found = find(press);
    if (!found) return;
    event.preventDefault();
    if (isField(found)) found.focus();
    else found.click();
  });
  document.querySelector('.bar-end')?.prepend(button);
  show();
}

const listed = () => [...document.querySelectorAll<HTMLElement>('#keys-help [data-for]')];

const pressFor = (action: string): string | undefined =>
  listed().find((each) => each.dataset.for === action)?.dataset.press;

function find(press: string): HTMLElement | null {
  const action = listed().find((each) => each.dataset.press === press)?.dataset.for;
  return action ? document.querySelector<HTMLElement>(`[data-action="${action}"]`) : null;
}

/** Whether a letter is for what has the focus: it writes there, or chooses. */
const isField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, select, textarea') !== null;

// Where nothing may be kept, the choice lasts as long as the page.
function readChoice(): boolean {
  try {
    return localStorage.getItem(STORED) !== 'off';
  } catch {
    return true;
  }
}

function keepChoice(isOn: boolean): void {
  try {
    localStorage.setItem(STORED, isOn ? 'on' : 'off');
  } catch {}
}
