import { pdfOf } from '../../features/service/photos/rules.ts';
import { made } from '../viewer/element.ts';
import { type Ready, readyPhoto } from './photo.ts';

interface Around {
  word(name: string): string;
  say(text: string): void;
  /** Sends each of these as a file. */
  send(files: readonly File[]): void;
  /** Receives the number of waiting photos. */
  count(waiting: number): void;
  /** The name of the PDF, without extension. */
  name: string;
  /** Gets the focus when no photo waits any more. */
  input: HTMLInputElement;
}

/** The photos that wait to be sent, in the order of their pages. The tray stands at the end of a form while it has any. */
export class Tray {
  readonly #form: HTMLFormElement;
  readonly #around: Around;
  readonly #title: HTMLElement;
  readonly #list = made('ol', 'photos');
  readonly #whole = button('button wide-s', '', () => this.#leave([this.#pdf()]));
  readonly #apart: HTMLButtonElement;
  readonly #tray = made('section', 'tray stack');
  #photos: Ready[] = [];
  /** Adding is sequential: one picture is decoded at a time. */
  #adding: Promise<void> = Promise.resolve();

  constructor(form: HTMLFormElement, around: Around) {
    this.#form = form;
    this.#around = around;
    this.#title = made('h3', '', this.#word('title'));
    this.#title.tabIndex = -1;
    this.#apart = button('button wide-s quiet', this.#word('apart'), () =>
      this.#leave(this.#photos.map(({ file }) => file)),
    );
    const acts = made('p', 'row');
    acts.append(this.#whole, this.#apart);
    this.#tray.setAttribute('aria-label', this.#word('title'));
    this.#tray.append(this.#title, made('p', 'soft', this.#word('hint')), this.#list, acts);
  }

  /** Adds photos behind the others. Files that this browser can't read are returned, to be sent separately. */
  add(files: readonly File[]): Promise<void> {
    this.#adding = this.#adding.then(() => this.#addAll(files));
    return this.#adding;
  }

  async #addAll(files: readonly File[]): Promise<void> {
    const { say, send } = this.#around;
    const wasEmpty = this.#photos.length === 0;
    say(this.#word('preparing'));
    for (const file of files) {
      const ready = await readyPhoto(file);
      if (ready) this.#photos.push(ready);
      else {
        say(this.#word('alone', { name: file.name }));
        send([file]);
      }
      this.#show();
    }
    if (wasEmpty && this.#photos.length > 0) this.#title.focus();
  }

  #word(which: string, values: Record<string, string> = {}): string {
    return this.#around
      .word(`photos.${which}`)
      .replaceAll(/\{(\w+)\}/g, (all, key) => values[key] ?? all);
  }

  #pdf(): File {
    const first = this.#photos[0];
    // A single photo is sent as it is: a PDF around it would add nothing.
    if (this.#photos.length === 1 && first) return first.file;
    const parts = pdfOf(this.#photos.map(({ page }) => page));
    return new File(parts, `${this.#around.name}.pdf`, { type: 'application/pdf' });
  }

  #leave(files: File[]): void {
    this.#photos = [];
    this.#show();
    this.#around.input.focus();
    this.#around.send(files);
  }

  #move(photo: Ready, by: -1 | 1): void {
    const from = this.#photos.indexOf(photo);
    this.#photos.splice(from, 1);
    this.#photos.splice(from + by, 0, photo);
    this.#show();
    const act = by < 0 ? 'up' : 'down';
    const row = this.#list.children[from + by];
    const same = row?.querySelector<HTMLButtonElement>(`[data-act=${act}]:enabled`);
    (same ?? row?.querySelector<HTMLButtonElement>('button:enabled'))?.focus();
    this.#around.say(this.#word('moved', { page: `${from + by + 1}` }));
  }

  #remove(photo: Ready): void {
    const at = this.#photos.indexOf(photo);
    this.#photos = this.#photos.filter((each) => each !== photo);
    this.#show();
    this.#around.say(this.#word('removed'));
    const row = this.#list.children[Math.min(at, this.#photos.length - 1)];
    (row?.querySelector<HTMLElement>('[data-act=remove]') ?? this.#around.input).focus();
  }

  #rowOf(photo: Ready, index: number): HTMLElement {
    const page = this.#word('page', { page: `${index + 1}` });
    photo.thumb.setAttribute('aria-hidden', 'true');
    const called = made('p', '');
    called.append(made('strong', '', page), ' ', made('span', 'soft said', photo.file.name));
    const said = made('div', '');
    said.append(called, this.#actsOn(photo, index, page));
    const row = made('li', 'photo');
    row.append(photo.thumb, said);
    return row;
  }

  #actsOn(photo: Ready, index: number, page: string): HTMLElement {
    const act = (which: 'up' | 'down' | 'remove', press: () => void, isOff: boolean) => {
      const it = button('link', this.#word(which), press);
      it.append(made('span', 'hide', ` ${page}`));
      it.dataset.act = which;
      it.disabled = isOff;
      return it;
    };
    const acts = made('p', 'row');
    acts.append(
      act('up', () => this.#move(photo, -1), index === 0),
      act('down', () => this.#move(photo, 1), index === this.#photos.length - 1),
      act('remove', () => this.#remove(photo), false),
    );
    return acts;
  }

  #show(): void {
    const waiting = this.#photos.length;
    this.#list.replaceChildren(...this.#photos.map((each, index) => this.#rowOf(each, index)));
    this.#whole.textContent =
      waiting > 1 ? this.#word('send', { pages: `${waiting}` }) : this.#word('one');
    this.#apart.hidden = waiting < 2;
    if (waiting === 0) this.#tray.remove();
    else if (!this.#tray.isConnected) this.#form.append(this.#tray);
    this.#around.count(waiting);
  }
}

function button(className: string, text: string, press: () => void): HTMLButtonElement {
  const element = made('button', className, text) as HTMLButtonElement;
  element.type = 'button';
  element.addEventListener('click', press);
  return element;
}
