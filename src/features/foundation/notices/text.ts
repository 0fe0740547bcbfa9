import type { Letter } from './letter.ts';
import { wrap } from './plain.ts';

/** Columns; RFC 5322, 2.1.1, recommends at most 78. */
const WIDTH = 72;

/** Returns the letter as readable plain text. */
export function textOf(letter: Letter): string {
  const paragraph = (text: string) => wrap(text, WIDTH);
  const list = ({ title, items }: Letter['lists'][number]) =>
    [
      /[?!]$/.test(title) ? title : `${title}:`,
      ...items.map((item) =>
        typeof item === 'string'
          ? `- ${wrap(item, WIDTH, '  ')}`
          : `- ${wrap(`${item.text}:`, WIDTH, '  ')}\n${item.url}`,
      ),
    ].join('\n');
  const { card, button, stop } = letter;
  const stopped = stop ? [`${stop.text}:\n${stop.url}`] : [];
  return [
    letter.title.toUpperCase(),
    paragraph(letter.hello),
    paragraph(letter.lead),
    ...(card ? [cardText(card)] : []),
    ...letter.lists.map(list),
    ...(button ? [`${button.text}:\n${button.url}`] : []),
    ...letter.notes.map((note) => paragraph(note.text)),
    `-- \n${[...[...letter.signature, letter.automatic].map(paragraph), ...stopped].join('\n')}`,
  ]
    .join('\n\n')
    .concat('\n');
}

function cardText(card: NonNullable<Letter['card']>): string {
  const rows = card.rows.map(
    ({ label, value }) => `  ${wrap(`${label}: ${value}`, WIDTH, '    ')}`,
  );
  return [`  ${card.day}, ${card.time}`, `  ${card.how}`, ...rows].join('\n');
}
