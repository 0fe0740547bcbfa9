import {
  getDocument,
  PasswordException,
  type PDFPageProxy,
  PDFWorker,
  RenderingCancelledException,
  type RenderTask,
  version,
} from 'pdfjs-dist/legacy/build/pdf.mjs';
import { NotShown, type Sheets } from './types.ts';

/**
 * The build's folder for pdf.js files: fonts of symbols, which PDFs may leave out (the system's fonts serve for letters), and decoders of
 * scans.
 */
const BESIDE = `/assets/pdf-${version}/`;

/** Opens the pages of a PDF. Its scripts don't run, dynamic forms (XFA) aren't drawn, and nothing else is fetched. @throws NotShown */
export async function openPdf(data: Uint8Array): Promise<Sheets> {
  const port = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
  const worker = PDFWorker.create({ port });
  const task = getDocument({
    data,
    worker,
    enableXfa: false,
    // The worker's policy lets it fetch nothing: the page passes the files to it.
    useWorkerFetch: false,
    // The page's policy forbids WebAssembly.
    useWasm: false,
    disableWorkerRendering: true,
    standardFontDataUrl: BESIDE,
    wasmUrl: BESIDE,
    verbosity: 0,
  });
  const close = () => {
    void task.destroy();
    worker.destroy();
    port.terminate();
  };
  const pdf = await task.promise.catch((error: unknown) => {
    close();
    throw new NotShown(error instanceof PasswordException ? 'locked' : 'mistake');
  });
  const viewportOf = (page: PDFPageProxy, scale: number, turn: number) =>
    page.getViewport({ scale, rotation: (page.rotate + turn) % 360 });
  let drawing: RenderTask | null = null;
  return {
    count: pdf.numPages,
    sizeOf: async (number, turn) => viewportOf(await pdf.getPage(number), 1, turn),
    draw: async (number, canvas, { scale, turn }) => {
      const page = await pdf.getPage(number);
      drawing?.cancel();
      const viewport = viewportOf(page, scale, turn);
      [canvas.width, canvas.height] = [Math.ceil(viewport.width), Math.ceil(viewport.height)];
      drawing = page.render({ canvas, viewport });
      await drawing.promise.catch((error: unknown) => {
        if (!(error instanceof RenderingCancelledException)) throw new NotShown('mistake');
      });
    },
    textOf: async (number) => {
      const { items } = await (await pdf.getPage(number)).getTextContent();
      const lines = items.map((each) =>
        'str' in each ? each.str + (each.hasEOL ? '\n' : '') : '',
      );
      return lines.join('').trim();
    },
    close,
  };
}
