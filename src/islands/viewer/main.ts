/** Shows the content of a document in the agent's page, so that it needn't be downloaded. */
import { openPicture, openShown } from './picture.ts';
import { showSheets, type Word } from './stage.ts';
import { NotShown, type Sheets } from './types.ts';

let open: Sheets | null = null;

async function start(): Promise<void> {
  const region = document.querySelector<HTMLElement>('[data-viewer]');
  const words = document.querySelector<HTMLTemplateElement>('#viewer-words');
  if (!region || !words || region.dataset.started) return;
  region.dataset.started = 'yes';
  const word: Word = (name, values = {}) =>
    (
      words.content.querySelector(`[data-word="${CSS.escape(name)}"]`)?.textContent ?? ''
    ).replaceAll(/\{(\w+)\}/g, (all, key: string) => values[key] ?? all);
  const say = (text: string) => {
    const said = document.createElement('p');
    said.setAttribute('role', 'status');
    said.textContent = text;
    return said;
  };
  const image = region.querySelector('img');
  if (!image) region.replaceChildren(say(word('loading')));
  try {
    const { file = '', viewer: type = '' } = region.dataset;
    const sheets = image ? await openShown(image) : await fetched(file, type);
    // The page below a call may have been replaced.
    if (!region.isConnected) return sheets.close();
    open = sheets;
    await showSheets(region, sheets, word);
  } catch (error) {
    leave();
    region.replaceChildren(say(word(error instanceof NotShown ? error.why : 'mistake')));
  }
}

/** Fetches the file in one request, which is the one logged opening, however many pages are shown. */
async function fetched(file: string, type: string): Promise<Sheets> {
  const answer = await fetch(file).catch(() => null);
  if (!answer?.ok || answer.redirected) throw new NotShown('away');
  const bytes = new Uint8Array(await answer.arrayBuffer());
  if (type !== 'application/pdf') return openPicture(bytes, type);
  const { openPdf } = await import('./pdf.ts');
  return openPdf(bytes);
}

function leave(): void {
  open?.close();
  open = null;
}

document.addEventListener('console:leave', leave);
document.addEventListener('console:page', () => void start());
void start();
