import { pdfOf } from '../../features/service/photos/rules.ts';
import { type Ready, readyPhoto } from './photo.ts';

/** Photos that wait to be sent, in the order of their pages. */
export interface Tray {
  /** Puts photos behind the others. What this browser can't read is handed back, to be sent alone. */
  add(files: readonly File[]): Promise<void>;
}

interface Around {
  word(name: string): string;
  say(text: string): void;
  /** Sends these, each as a file. */
  send(files: readonly File[]): void;
  /** Told how many wait. */
  count(waiting: number): void;
  /** What the PDF is called, without an ending. */
  name: string;
  /** Takes the focus when nothing waits any more. */
  input: HTMLInputElement;
}

/** Makes a tray, which stands at the end of `form` while something is in it. */
export function trayIn(form: HTMLFormElement, around: Around): Tray {
  const { say, send, count, name, input } = around;
  const word = (which: string, values: Record<string, string> = {}) =>
    around.word(`photos.${which}`).replaceAll(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  let photos: Ready[] = [];

  const title = made('h3', '', word('title'));
  title.tabIndex = -1;
  const list = made('ol', 'photos');
  const whole = button('button wide-s', '', () => leave([pdf()]));
  const apart = button('button wide-s quiet', word('apart'), () =>
    leave(photos.map(({ file }) => file)),
  );
  const acts = made('p', 'row');
  acts.append(whole, apart);
  const tray = made('section', 'tray stack');
  tray.setAttribute('aria-label', word('title'));
  tray.append(title, made('p', 'soft', word('hint')), list, acts);

  const pdf = (): File => {
    const [first] = photos;
    // One photo goes as it is: nothing is gained by a page around it.
    if (photos.length === 1 && first) return first.file;
    const parts = pdfOf(photos.map(({ page }) => page));
    return new File(parts, `${name}.pdf`, { type: 'application/pdf' });
  };

  const leave = (files: File[]) => {
    photos = [];
    show();
    input.focus();
    send(files);
  };

  const move = (photo: Ready, by: -1 | 1) => {
    const from = photos.indexOf(photo);
    photos.splice(from, 1);
    photos.splice(from + by, 0, photo);
    show();
    const act = by < 0 ? 'up' : 'down';
    const row = list.children[from + by];
    const same = row?.querySelector<HTMLButtonElement>(`[data-act=${act}]:enabled`);
    (same ?? row?.querySelector<HTMLButtonElement>('button:enabled'))?.focus();
    say(word('moved', { page: `${from + by + 1}` }));
  };

  const remove = (photo: Ready) => {
    const at = photos.indexOf(photo);
    photos = photos.filter((each) => each !== photo);
    show();
    say(word('removed'));
    const row = list.children[Math.min(at, photos.length - 1)];
    (row?.querySelector<HTMLElement>('[data-act=remove]') ?? input).focus();
  };

  const rowOf = (photo: Ready, index: number): HTMLElement => {
    const row = made('li', 'photo');
    const page = word('page', { page: `${index + 1}` });
    const act = (which: 'up' | 'down' | 'remove', press: () => void, isOff: boolean) => {
      const it = button('link', word(which), press);
      it.append(made('span', 'hide', ` ${page}`));
      it.dataset.act = which;
      it.disabled = isOff;
      return it;
    };
    photo.thumb.setAttribute('aria-hidden', 'true');
    const said = made('div', '');
    const called = made('p', '');
    called.append(made('strong', '', page), ' ', made('span', 'soft said', photo.file.name));
    const acts = made('p', 'row');
    acts.append(
      act('up', () => move(photo, -1), index === 0),
      act('down', () => move(photo, 1), index === photos.length - 1),
      act('remove', () => remove(photo), false),
    );
    said.append(called, acts);
    row.append(photo.thumb, said);
    return row;
  };

  const show = () => {
    list.replaceChildren(...photos.map(rowOf));
    whole.textContent =
      photos.length > 1 ? word('send', { pages: `${photos.length}` }) : word('one');
    apart.hidden = photos.length < 2;
    if (photos.length === 0) tray.remove();
    else if (!tray.isConnected) form.append(tray);
    count(photos.length);
  };

  const add = async (files: readonly File[]) => {
    const wasEmpty = photos.length === 0;
    say(word('preparing'));
    for (const file of files) {
      const ready = await readyPhoto(file);
      if (ready) photos.push(ready);
      else {
        say(word('alone', { name: file.name }));
        send([file]);
      }
      show();
    }
    if (wasEmpty && photos.length > 0) title.focus();
  };

  // One picture is decoded at a time, whatever is chosen meanwhile.
  let adding: Promise<void> = Promise.resolve();
  return {
    add: (files) => {
      adding = adding.then(() => add(files));
      return adding;
    },
  };
}

function made(tag: string, className: string, text = ''): HTMLElement {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.textContent = text;
  return element;
}

function button(className: string, text: string, press: () => void): HTMLButtonElement {
  const element = made('button', className, text) as HTMLButtonElement;
  element.type = 'button';
  element.addEventListener('click', press);
  return element;
}
