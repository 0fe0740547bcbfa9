import { NotShown, type Sheets } from './types.ts';

export type Word = (name: string, values?: Record<string, string>) => string;

/** How many times as large as what fits. */
const ZOOMS = [1, 1.25, 1.5, 2, 3, 4];
/** Pixels that a canvas may have: more is refused by some browsers, and nobody sees it. */
const MOST_PIXELS = 16_000_000;

/** Shows pages in `region`, one at a time, to be turned, made larger and moved about by hand or by keys. */
export async function showSheets(region: HTMLElement, sheets: Sheets, word: Word): Promise<void> {
  let page = 1;
  let turn = 0;
  let zoom = 0;

  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  const stage = made('div', 'stage');
  stage.tabIndex = 0;
  stage.setAttribute('role', 'group');
  stage.append(canvas);
  const status = made('p', 'small');
  status.setAttribute('role', 'status');
  const text = made('details', '');
  const words = made('p', 'written');
  text.append(made('summary', '', word('text')), words);

  const whereabouts = () => word('page', { page: `${page}`, pages: `${sheets.count}` });
  const show = async () => {
    for (const [each, isOff] of [
      [previous, page === 1],
      [next, page === sheets.count],
      [closer, zoom === ZOOMS.length - 1],
      [farther, zoom === 0],
    ] as const)
      each.setAttribute('aria-disabled', `${isOff}`);
    const percent = `${Math.round((ZOOMS[zoom] ?? 1) * 100)}`;
    status.textContent = [whereabouts(), word('zoom', { percent })].join(' · ');
    for (const each of [stage, canvas]) each.setAttribute('aria-label', whereabouts());
    const { width, height } = await sheets.sizeOf(page, turn);
    const { clientWidth, clientHeight } = stage;
    const fit = Math.min(clientWidth / width, Math.max(clientHeight, clientWidth * 1.4) / height);
    const scale = fit * (ZOOMS[zoom] ?? 1);
    const most = Math.sqrt(MOST_PIXELS / (width * height));
    await sheets.draw(page, canvas, {
      scale: Math.min(scale * (devicePixelRatio || 1), most),
      turn,
    });
    canvas.style.width = `${Math.floor(width * scale)}px`;
    canvas.dataset.shown = `${page} ${turn} ${zoom}`;
    const written = await sheets.textOf(page);
    words.textContent = written;
    text.hidden = written === '';
  };

  const change = (what: () => void) => () => {
    const before = page;
    what();
    if (page !== before) stage.scrollTo(0, 0);
    void show().catch((error: unknown) => {
      status.textContent = word(error instanceof NotShown ? error.why : 'mistake');
    });
  };
  const within = (value: number, least: number, most: number) =>
    Math.min(most, Math.max(least, value));
  const goTo = (to: number) => change(() => (page = within(to, 1, sheets.count)));
  const acts = {
    previous: () => goTo(page - 1)(),
    next: () => goTo(page + 1)(),
    closer: change(() => (zoom = within(zoom + 1, 0, ZOOMS.length - 1))),
    farther: change(() => (zoom = within(zoom - 1, 0, ZOOMS.length - 1))),
    turn: change(() => (turn = (turn + 90) % 360)),
  };
  const button = (name: keyof typeof acts) => {
    const it = made('button', 'button quiet', word(name)) as HTMLButtonElement;
    it.type = 'button';
    it.addEventListener('click', acts[name]);
    return it;
  };
  const [previous, next] = [button('previous'), button('next')];
  const [closer, farther] = [button('closer'), button('farther')];
  const KEYS: Record<string, () => void> = {
    ...{ PageUp: acts.previous, PageDown: acts.next, '+': acts.closer, '-': acts.farther },
    ...{ Home: () => goTo(1)(), End: () => goTo(sheets.count)() },
  };
  stage.addEventListener('keydown', (event) => {
    const press = event.ctrlKey || event.metaKey || event.altKey ? undefined : KEYS[event.key];
    if (!press) return;
    event.preventDefault();
    // The console's own keys are for the page, not for what is looked at.
    event.stopPropagation();
    press();
  });

  const bar = made('div', 'tools');
  bar.setAttribute('role', 'group');
  bar.setAttribute('aria-label', word('tools'));
  const paging = sheets.count > 1 ? [previous, next] : [];
  bar.append(...paging, closer, farther, button('turn'));
  region.replaceChildren(bar, status, stage, text);
  await show();
}

function made(tag: string, className: string, text = ''): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}
