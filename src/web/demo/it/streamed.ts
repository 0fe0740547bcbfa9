import type { Translate } from '../../../lib/i18n/translate.ts';
import type { Trials } from '../types.ts';
import { OUTPUT } from './pages.tsx';

const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const escaped = (text: string): string =>
  text.replaceAll(/[&<>]/g, (each) => ESCAPED[each] ?? each);

/**
 * Returns a page that goes on while a command runs: up to where its output stands, then what it prints, then the rest of the page. It needs no
 * script, and whoever loads it again sees all of it again.
 */
export async function streamed(page: Response, t: Translate, trials: Trials): Promise<Response> {
  const [head = '', rest = ''] = (await page.text()).split(OUTPUT);
  const pieces = piecesOf(head, rest, t, trials);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await pieces.next();
      if (done) controller.close();
      else controller.enqueue(encoder.encode(value));
    },
    cancel: async () => {
      await pieces.return(undefined);
    },
  });
  const headers = new Headers(page.headers);
  headers.set('X-Accel-Buffering', 'no');
  return new Response(body, { status: page.status, headers });
}

async function* piecesOf(
  head: string,
  rest: string,
  t: Translate,
  trials: Trials,
): AsyncGenerator<string, void> {
  yield head;
  for await (const text of trials.follow()) yield escaped(text);
  const ended = trials.last()?.ended;
  const words = !ended
    ? ''
    : ended.code === null
      ? t('demo.it.stopped', { seconds: ended.seconds })
      : t('demo.it.ended', { code: ended.code, seconds: ended.seconds });
  yield `</pre><p role="status" lang="${t.language}"><strong>${escaped(words)}</strong></p><pre hidden>`;
  yield rest;
}
