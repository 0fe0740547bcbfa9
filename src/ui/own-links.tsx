/** A piece of a text: words, or an address of the town's own pages. */
interface Piece {
  text: string;
  href?: string;
}

const ADDRESS = /https?:\/\/[^\s<>"'“”«»]+/g;
/** What ends a sentence, and is no part of the address before it. */
const AFTER = /[.,;:!?)\]]+$/;

/** Returns a text in pieces: only addresses of pages below `base` become links, since anybody may have written the others. */
export function ownLinks(text: string, base: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const { 0: found, index } of text.matchAll(ADDRESS)) {
    const address = found.replace(AFTER, '');
    if (!isOwn(address, base)) continue;
    if (index > from) pieces.push({ text: text.slice(from, index) });
    pieces.push({ text: address, href: address });
    from = index + address.length;
  }
  if (from < text.length) pieces.push({ text: text.slice(from) });
  return pieces;
}

function isOwn(address: string, base: string): boolean {
  const url = URL.parse(address);
  return url !== null && url.origin === new URL(base).origin && !url.username && !url.password;
}

/** A text that somebody wrote: addresses of the town's own pages are links, everything else is text. */
export function WithOwnLinks({ text, base }: { text: string; base: string }) {
  return (
    <>
      {ownLinks(text, base).map(({ text: piece, href }, nth) =>
        href ? (
          <a key={`${nth} ${href}`} href={href}>
            {piece}
          </a>
        ) : (
          piece
        ),
      )}
    </>
  );
}

/** Returns the language to mark a text with: the said one, or none where it is written in another script. */
export const languageOfText = (text: string, said: string | null): string =>
  /[^\P{L}\p{Script=Latin}]/u.test(text) ? '' : (said ?? '');
