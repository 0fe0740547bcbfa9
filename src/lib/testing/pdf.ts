import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';

/** The accessible content of a PDF, from Mozilla's own reader. */
export interface PdfRead {
  title: string;
  language: string | null;
  isTagged: boolean;
  /** Titles of its bookmarks. */
  outline: string[];
  text: string;
}

export async function pdfText(bytes: Buffer): Promise<PdfRead> {
  const task = getDocument({ data: new Uint8Array(bytes) });
  const pdf = await task.promise;
  try {
    const info = (await pdf.getMetadata()).info as { Title?: string; Language?: string };
    // A map, whatever its types say.
    const marks = (await pdf.getMarkInfo()) as unknown as ReadonlyMap<string, boolean> | null;
    const pages: string[] = [];
    for (let nth = 1; nth <= pdf.numPages; nth++) {
      const { items } = await (await pdf.getPage(nth)).getTextContent();
      pages.push(
        items.map((each) => ('str' in each ? each.str + (each.hasEOL ? '\n' : '') : '')).join(''),
      );
    }
    return {
      ...{ title: info.Title ?? '', language: info.Language ?? null },
      isTagged: marks?.get('Marked') ?? false,
      outline: ((await pdf.getOutline()) ?? []).map((each) => each.title),
      text: pages.join('\n'),
    };
  } finally {
    await task.destroy();
  }
}
