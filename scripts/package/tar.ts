import { complete, type Entry } from './entries.ts';

const BLOCK = 512;
const NAME = 100;
const KINDS = { file: '0', link: '2', folder: '5', longName: 'L', longTarget: 'K' } as const;

/**
 * Yields a tar archive in GNU's form, which tar, dpkg and container tools read. The same entries give the same bytes: they are sorted, belong to
 * root unless they say a number, and have the time of the archive.
 * @param time seconds since 1970, for every entry
 * @param prefix put before each path: `./` in Debian packages
 */
export function* tarOf(
  entries: readonly Entry[],
  { time, prefix = '' }: { time: number; prefix?: string },
): Generator<Buffer> {
  for (const entry of complete(entries)) {
    const path = `${prefix}${entry.path}${entry.kind === 'folder' ? '/' : ''}`;
    const target = entry.kind === 'link' ? entry.target : '';
    yield* longText(path, 'longName');
    yield* longText(target, 'longTarget');
    const size = entry.kind === 'file' ? entry.size : 0;
    const { mode, owner = 0 } = entry;
    yield header({ path, target, size, time, mode, owner, kind: KINDS[entry.kind] });
    if (entry.kind !== 'file') continue;
    const content = entry.read();
    if (content.length !== entry.size) throw new Error(`${path} changed while it was packed`);
    yield* padded(content);
  }
  yield Buffer.alloc(2 * BLOCK);
}

/** A text that doesn't fit a header goes before it, as the content of an entry of its own. */
function* longText(text: string, kind: 'longName' | 'longTarget'): Generator<Buffer> {
  const bytes = Buffer.from(`${text}\0`);
  if (bytes.length - 1 <= NAME) return;
  const path = '././@LongLink';
  yield header({
    path,
    target: '',
    size: bytes.length,
    mode: 0,
    kind: KINDS[kind],
    time: 0,
    owner: 0,
  });
  yield* padded(bytes);
}

function* padded(content: Buffer): Generator<Buffer> {
  yield content;
  const rest = content.length % BLOCK;
  if (rest > 0) yield Buffer.alloc(BLOCK - rest);
}

interface Fields {
  path: string;
  target: string;
  size: number;
  mode: number;
  kind: string;
  time: number;
  owner: number;
}

function header({ path, target, size, mode, kind, time, owner }: Fields): Buffer {
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, digits: number) => value.toString(8).padStart(digits, '0');
  const put = (at: number, text: string) => block.write(text, at, 'latin1');
  Buffer.from(path).copy(block, 0, 0, NAME);
  put(100, octal(mode, 7));
  put(108, octal(owner, 7));
  put(116, octal(owner, 7));
  put(124, octal(size, 11));
  put(136, octal(time, 11));
  put(148, ' '.repeat(8));
  put(156, kind);
  Buffer.from(target).copy(block, 157, 0, NAME);
  put(257, 'ustar  ');
  if (owner === 0) {
    put(265, 'root');
    put(297, 'root');
  }
  put(
    148,
    `${octal(
      block.reduce((sum, byte) => sum + byte, 0),
      6,
    )}\0 `,
  );
  return block;
}
