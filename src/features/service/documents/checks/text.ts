import type { Bytes } from './bytes.ts';
import { type Look, refused } from './types.ts';

/** Text that browsers, Word or printers would run or draw. */
const MARKUP = /^\s*(<[a-z!?/]|\{\\rtf|%!PS)/i;
/** Control characters other than tab, line ends, form feed and the old end of file. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern searches for them
const CONTROL = /[\u0000-\u0008\u000b\u000e-\u0019\u001b-\u001f\u007f]/;

/** Checks plain text: UTF-8, or else Latin-1 and the variant of Windows. */
export async function lookAtText(bytes: Bytes): Promise<Look> {
  const head = (await bytes.at(0, 4096)).toString('latin1').replace(/^\xef\xbb\xbf/, '');
  if (MARKUP.test(head)) return refused('type');
  if (head.slice(0, 1024).includes('%PDF-')) return refused('hidden');
  // In UTF-8 no byte of a longer character is a control character, so one search is enough for both.
  for await (const part of bytes.parts())
    if (CONTROL.test(part.toString('latin1'))) return refused('type');
  return { kind: 'txt' };
}
