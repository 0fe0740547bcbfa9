const STORED = 'finestreta keys';

/** Makes the keys that links name work (`data-key`), until they are switched off in the bar. */
export function listenToKeys(live: HTMLElement): void {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'link small';
  let isOn = readChoice();

  const show = () => {
    button.textContent = (isOn ? live.dataset.keysOn : live.dataset.keysOff) ?? '';
    document.documentElement.toggleAttribute('data-keys', isOn);
    for (const each of document.querySelectorAll<HTMLElement>('[data-key]')) {
      if (isOn) each.setAttribute('aria-keyshortcuts', each.dataset.key ?? '');
      else each.removeAttribute('aria-keyshortcuts');
    }
  };

  button.addEventListener('click', () => {
    isOn = !isOn;
    keepChoice(isOn);
    show();
  });
  document.addEventListener('keydown', (event) => {
    const isPlain = !(event.ctrlKey || event.altKey || event.metaKey || event.repeat);
    if (!isOn || !isPlain || event.isComposing || isField(event.target)) return;
    const links = [...document.querySelectorAll<HTMLElement>('[data-key]')];
    const link = links.find((each) => each.dataset.key === event.key.toLowerCase());
    if (!link) return;
    event.preventDefault();
    link.click();
  });
  document.querySelector('.bar-end')?.prepend(button);
  show();
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
